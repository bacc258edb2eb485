/* SPDX-License-Identifier: EUPL-1.2
 *
 * Published test vectors: RFC 9380, appendix K.3 (expand_message_xmd with SHA-512; the numbers are those
 * of poc/vectors/expand_message_xmd_SHA512_38.json in cfrg/draft-irtf-cfrg-hash-to-curve), and RFC 9497,
 * appendix A.1.2 (ristretto255-SHA512, mode VOPRF; poc/vectors/allVectors.json in
 * cfrg/draft-irtf-cfrg-voprf). */
#pragma once

#include <glib.h>

static const char xmd_dst[] = "QUUX-V01-CS02-with-expander-SHA512-256";

static const struct
{
  const char *message;
  gsize size;
  const char *output;
} xmd_vectors[] = {
  { "", 32,
    "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba" },
  { "abc", 32,
    "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc" },
  { "abcdef0123456789", 32,
    "087e45a86e2939ee8b91100af1583c4938e0f5fc6c9db4b107b83346bc967f58" },
  { "q128_qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
    "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", 32,
    "7336234ee9983902440f6bc35b348352013becd88938d2afec44311caf8356b3" },
  { "a512_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaa", 32,
    "57b5f7e766d5be68a6bfe1768e3c2b7f1228b3e4b3134956dd73a59b954c66f4" },
  { "", 128,
    "41b037d1734a5f8df225dd8c7de38f851efdb45c372887be655212d07251b921b052b62eaed99b46f72f2ef4cc96bfaf254e"
    "bbbec091e1a3b9e4fb5e5b619d2e0c5414800a1d882b62bb5cd1778f098b8eb6cb399d5d9d18f5d5842cf5d13d7eb00a7cff"
    "859b605da678b318bd0e65ebff70bec88c753b159a805d2c89c55961" },
  { "abc", 128,
    "7f1dddd13c08b543f2e2037b14cefb255b44c83cc397c1786d975653e36a6b11bdd7732d8b38adb4a0edc26a0cef4bb45217"
    "135456e58fbca1703cd6032cb1347ee720b87972d63fbf232587043ed2901bce7f22610c0419751c065922b4884318510413"
    "10ad659e4b23520e1772ab29dcdeb2002222a363f0c2b1c972b3efe1" },
  { "abcdef0123456789", 128,
    "3f721f208e6199fe903545abc26c837ce59ac6fa45733f1baaf0222f8b7acb0424814fcb5eecf6c1d38f06e9d0a6ccfbf85a"
    "e612ab8735dfdf9ce84c372a77c8f9e1c1e952c3a61b7567dd0693016af51d2745822663d0c2367e3f4f0bed827feecc2aaf"
    "98c949b5ed0d35c3f1023d64ad1407924288d366ea159f46287e61ac" },
  { "q128_qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
    "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", 128,
    "b799b045a58c8d2b4334cf54b78260b45eec544f9f2fb5bd12fb603eaee70db7317bf807c406e26373922b7b8920fa291427"
    "03dd52bdf280084fb7ef69da78afdf80b3586395b433dc66cde048a258e476a561e9deba7060af40adf30c64249ca7ddea79"
    "806ee5beb9a1422949471d267b21bc88e688e4014087a0b592b695ed" },
  { "a512_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaa", 128,
    "05b0bfef265dcee87654372777b7c44177e2ae4c13a27f103340d9cd11c86cb2426ffcad5bd964080c2aee97f03be1ca18e3"
    "0a1f14e27bc11ebbd650f305269cc9fb1db08bf90bfc79b42a952b46daf810359e7bc36452684784a64952c343c52e5124cd"
    "1f71d474d5197fefc571a92929c9084ffe1112cf5eea5192ebff330b" },
};

static const char oprf_seed[] = "a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3";
static const char oprf_info[] = "74657374206b6579";
static const char oprf_secret[] = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909";
static const char oprf_public_key[] = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e";

static const struct
{
  guint n;
  const char *input[2], *blind[2], *blinded[2], *evaluated[2], *output[2];
  const char *nonce, *proof;
} oprf_vectors[] = {
  { 1,
    { "00" },
    { "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706" },
    { "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945" },
    { "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e" },
    { "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491"
        "351d23b430948dd50cde10d32b3c" },
    "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
    "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd066d4346421d17bf5117a2a1ff0fcb2a759f58"
    "a539dfbe857a40bce4cf49ec600d" },
  { 1,
    { "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a" },
    { "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706" },
    { "cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c" },
    { "60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468" },
    { "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d"
        "27ecd994985890e5f539e7ea74b6" },
    "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e",
    "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a67154fabf031fd936051dec80b0b6ae29c95"
    "03493dde7393b722eafdf5a50b02" },
  { 2,
    { "00",
      "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a" },
    { "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706",
      "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e" },
    { "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
      "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654" },
    { "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
      "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a" },
    { "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491"
        "351d23b430948dd50cde10d32b3c",
      "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60356f4610bf816f27afdd84f47719e480906d"
        "27ecd994985890e5f539e7ea74b6" },
    "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
    "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a5ab5337c8eb4ceae0494c2cf89529dcf9457"
    "2ed267473d567aeed6ab873dee08" },
};
