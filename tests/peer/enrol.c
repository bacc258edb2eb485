/* SPDX-License-Identifier: EUPL-1.2
 *
 * Enrolment over real links in one process: owners learn the positions of their own persons and of no
 * others, and use no epoch whose holder cheats. */
#include "peer/enrol.h"

#include <string.h>

#include "common/error.h"
#include "fixture.h"
#include "mpc/oprf.h"
#include "peer/holder.h"
#include "peer/participant.h"
#include "peer/signed.h"

#define REGISTERED 1500

static Fixture *shared;

typedef struct
{
  KohParticipant *holder_self, *owner_self;
  GPtrArray *registered;
  KohEnrolment *enrolment; /* the holder's own */
  KohHolder *holder;
  GThread *serving;
  KohLink *link;           /* the holder's end */
  gboolean granted;
  GError *served;
  gint over;               /* atomic: the holder's thread is at its end */
} Pair;

static char *
person (guint number)
{
  return g_strdup_printf ("%010u", 101000000 + number * 7);
}

static KohCatalogue *
catalogue (const char *name)
{
  return koh_catalogue_new (name);
}

static gpointer
serve_cb (gpointer data)
{
  Pair *pair = data;
  g_autoptr (GError) done = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "done");
  g_autoptr (GBytes) rest = NULL;

  koh_holder_serve (pair->holder, pair->link, &pair->granted, &pair->served);
  if (pair->served == NULL)
    rest = koh_link_recv (pair->link, 30, NULL);
  koh_link_close (pair->link, pair->served != NULL ? pair->served : done);
  g_atomic_int_set (&pair->over, TRUE);
  return NULL;
}

static gboolean
is_over (gpointer user_data)
{
  return g_atomic_int_get (&((Pair *) user_data)->over);
}

static void
incoming_cb (KohNode *node, KohLink *link, gpointer user_data)
{
  Pair *pair = user_data;

  g_assert_null (pair->serving);
  g_assert_cmpstr (koh_link_get_purpose (link), ==, "enrol");
  pair->link = koh_link_ref (link);
  pair->serving = g_thread_new ("holder", serve_cb, pair);
}

static void
pair_set (Pair *pair)
{
  g_autoptr (GError) error = NULL;
  KohHash snapshot = koh_hash_of ("test", "s", 1);
  KohParticipant *holder;

  memset (pair, 0, sizeof *pair);
  pair->holder_self = holder = fixture_open (shared, "danmarks-statistik");
  pair->owner_self = fixture_open (shared, "aarhus");
  pair->registered = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < REGISTERED; i++)
    g_ptr_array_add (pair->registered, person (i));
  pair->enrolment = koh_holder_prepare (holder->state, holder->identity, pair->registered, &snapshot,
                                        catalogue ("danmarks-statistik"), NULL, &error);
  g_assert_no_error (error);
  pair->holder = koh_holder_open (holder->state, pair->enrolment->epoch, &error);
  g_assert_no_error (error);
  holder->node = koh_node_new (holder->identity, holder->roster);
  pair->owner_self->node = koh_node_new (pair->owner_self->identity, pair->owner_self->roster);
  koh_node_set_incoming (holder->node, incoming_cb, pair);
  koh_node_listen (holder->node, holder->card->host, holder->card->port, FALSE, &error);
  g_assert_no_error (error);
}

static void
end_serving (Pair *pair)
{
  /* The network lives in this thread: while it waits, it must go on working, or the holder does not hear that
   * the owner has closed the link. */
  if (pair->serving != NULL)
    {
      g_assert_true (fixture_wait (is_over, pair, 60));
      g_thread_join (g_steal_pointer (&pair->serving));
      g_atomic_int_set (&pair->over, FALSE);
    }
  g_clear_pointer (&pair->link, koh_link_unref);
  g_clear_error (&pair->served);
}

static void
pair_clear (Pair *pair)
{
  end_serving (pair);
  g_clear_pointer (&pair->holder, koh_holder_free);
  koh_enrolment_unref (pair->enrolment);
  koh_enrolment_clear (pair->holder_self->state, NULL);
  koh_participant_free (pair->owner_self);
  koh_participant_free (pair->holder_self);
  g_ptr_array_unref (pair->registered);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

/* ---- An owner that enrols ------------------------------------------------------------------ */

typedef struct
{
  Pair *pair;
  GPtrArray *persons;
  KohSpine *spine;
  guint missing;
  GError *error;
  gint done;
} Owner;

static gpointer
enrol_cb (gpointer data)
{
  Owner *owner = data;
  KohParticipant *self = owner->pair->owner_self;
  g_autoptr (KohLink) link = koh_node_dial (self->node, "danmarks-statistik", "enrol", NULL, &owner->error);
  g_autoptr (KohEpoch) epoch = link != NULL ? koh_enrol_hear_epoch (link, self->roster, &owner->error) : NULL;
  g_autoptr (GError) done = g_error_new (KOH_ERROR, KOH_ERROR_STOPPED, "done");

  if (epoch != NULL)
    owner->spine = koh_enrol (link, "aarhus", epoch, owner->persons, &owner->missing, NULL, &owner->error);
  if (link != NULL)
    koh_link_close (link, done);
  g_atomic_int_set (&owner->done, 1);
  return NULL;
}

static gboolean
is_done (gpointer user_data)
{
  return g_atomic_int_get (&((Owner *) user_data)->done);
}

/* Enrols @persons; the spine, or NULL with the error. */
static KohSpine *
enrol (Pair *pair, GPtrArray *persons, guint *missing, GError **error)
{
  Owner owner = { pair, persons, NULL, 0, NULL, 0 };
  GThread *thread = g_thread_new ("owner", enrol_cb, &owner);

  g_assert_true (fixture_wait (is_done, &owner, 60));
  g_thread_join (thread);
  if (missing != NULL)
    *missing = owner.missing;
  if (owner.error != NULL)
    g_propagate_error (error, owner.error);
  return owner.spine;
}

static GPtrArray *
some_persons (void)
{
  GPtrArray *persons = g_ptr_array_new_with_free_func (g_free);

  /* Every third of the register, and some it does not know. */
  for (guint i = 0; i < REGISTERED + 60; i += 3)
    g_ptr_array_add (persons, person (i));
  return persons;
}

static void
owners_learn_their_own_positions (void)
{
  g_auto (Pair) pair;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) persons = some_persons ();
  g_autoptr (KohSpine) spine = NULL;
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  guint missing = 0;

  pair_set (&pair);
  g_assert_cmpuint (pair.enrolment->epoch->positions, ==, 2000);
  spine = enrol (&pair, persons, &missing, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (missing, ==, 20);
  g_assert_cmpuint (koh_spine_size (spine), ==, REGISTERED / 3);
  g_assert_cmpuint (koh_spine_positions (spine), ==, 2000);
  for (guint i = 0; i < REGISTERED + 60; i++)
    {
      g_autofree char *key = person (i);
      gint64 own = koh_spine_find (pair.enrolment->spine, key);
      gint64 position = koh_spine_find (spine, key);

      g_assert_true (own < 2000 && (own >= 0) == (i < REGISTERED));
      g_assert_true (i % 3 == 0 ? position == own : position == -1);
      if (own >= 0)
        g_assert_true (g_hash_table_add (taken, GUINT_TO_POINTER ((guint) own + 1)));
    }
}

/* The order is drawn: two epochs of one register have little in common. */
static void
every_epoch_has_another_order (void)
{
  g_auto (Pair) pair;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohEnrolment) again = NULL;
  KohHash snapshot = koh_hash_of ("test", "s", 1);
  guint same = 0, following = 0;

  pair_set (&pair);
  again = koh_holder_prepare (pair.holder_self->state, pair.holder_self->identity, pair.registered, &snapshot,
                              catalogue ("danmarks-statistik"), NULL, &error);
  g_assert_no_error (error);
  g_assert_false (koh_hash_equal (&again->epoch->hash, &pair.enrolment->epoch->hash));
  g_assert_cmpint (memcmp (again->epoch->oprf_key, pair.enrolment->epoch->oprf_key, 32), !=, 0);
  for (guint i = 0; i < REGISTERED; i++)
    {
      g_autofree char *key = person (i), *next = person (i + 1);
      gint64 here = koh_spine_find (again->spine, key);

      same += here == koh_spine_find (pair.enrolment->spine, key);
      following += koh_spine_find (again->spine, next) == here + 1;
    }
  /* Expected: less than one of each. */
  g_assert_cmpuint (same, <, 15);
  g_assert_cmpuint (following, <, 15);
}

/* What is read back from the folder is what was prepared. */
static void
enrolment_survives_a_restart (void)
{
  g_auto (Pair) pair;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohEnrolment) loaded = NULL;
  g_autofree char *key = person (5);

  pair_set (&pair);
  loaded = koh_enrolment_load (pair.holder_self->state, pair.holder_self->roster, &error);
  g_assert_no_error (error);
  g_assert_true (koh_hash_equal (&loaded->epoch->hash, &pair.enrolment->epoch->hash));
  g_assert_true (koh_hash_equal (&loaded->snapshot, &pair.enrolment->snapshot));
  g_assert_cmpint (koh_spine_find (loaded->spine, key), ==, koh_spine_find (pair.enrolment->spine, key));
  fixture_write (pair.holder_self->state, "epoch.json", "{}", 2);
  g_assert_null (koh_enrolment_load (pair.holder_self->state, pair.holder_self->roster, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_INVALID);
}

/* ---- Holders that cheat -------------------------------------------------------------------- */

static void
assert_not_used (Pair *pair, const char *says)
{
  g_autoptr (GPtrArray) persons = some_persons ();
  g_autoptr (GError) error = NULL;
  KohSpine *spine = enrol (pair, persons, NULL, &error);

  g_assert_null (spine);
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  g_assert_nonnull (strstr (error->message, "danmarks-statistik"));
  g_assert_nonnull (strstr (error->message, says));
}

static void
reopen (Pair *pair, const KohEpoch *epoch)
{
  g_autoptr (GError) error = NULL;

  koh_holder_free (pair->holder);
  pair->holder = koh_holder_open (pair->holder_self->state, epoch, &error);
  g_assert_no_error (error);
}

/* Another list to this owner than to others. */
static void
another_list_is_not_used (void)
{
  g_auto (Pair) pair;
  g_autoptr (GByteArray) list = NULL;

  pair_set (&pair);
  list = fixture_read (pair.holder_self->state, "list");
  list->data[100 * KOH_ENTRY + KOH_TAG] ^= 1; /* a position */
  fixture_write (pair.holder_self->state, "list", list->data, list->len);
  reopen (&pair, pair.enrolment->epoch);
  assert_not_used (&pair, "not the one of its epoch record");
}

/* A list with a tag twice, under a record that names this very list. */
static void
a_repeated_tag_is_not_used (void)
{
  g_auto (Pair) pair;
  g_autoptr (GByteArray) list = NULL;
  g_autoptr (KohEpoch) epoch = NULL;
  KohHash hash;

  pair_set (&pair);
  list = fixture_read (pair.holder_self->state, "list");
  memcpy (list->data + 101 * KOH_ENTRY, list->data + 100 * KOH_ENTRY, KOH_TAG);
  fixture_write (pair.holder_self->state, "list", list->data, list->len);
  hash = koh_hash_of (KOH_LIST_LABEL, list->data, list->len);
  epoch = koh_epoch_new (pair.holder_self->identity, pair.enrolment->epoch->oprf_key, 2000, &hash, 1);
  reopen (&pair, epoch);
  assert_not_used (&pair, "a tag twice");
}

/* Another key for this owner would tell the holder who asks. */
static void
another_key_is_not_used (void)
{
  g_auto (Pair) pair;
  guint8 secret[KOH_OPRF_SCALAR], key[KOH_OPRF_ELEMENT];

  pair_set (&pair);
  koh_oprf_random_key (secret, key);
  fixture_write (pair.holder_self->state, "oprf.key", secret, sizeof secret);
  reopen (&pair, pair.enrolment->epoch);
  assert_not_used (&pair, "oprf-proof");
}

static void
a_record_is_signed_by_its_holder (void)
{
  g_auto (Pair) pair;
  g_autoptr (GError) error = NULL;
  g_autoptr (KohEpoch) read = NULL;
  g_autoptr (JsonNode) changed = NULL;
  g_autoptr (JsonNode) forged = NULL;
  JsonObject *body;

  pair_set (&pair);
  read = koh_epoch_read (pair.enrolment->epoch->document, pair.owner_self->roster, &error);
  g_assert_no_error (error);
  g_assert_true (koh_hash_equal (&read->hash, &pair.enrolment->epoch->hash));
  changed = json_node_copy (pair.enrolment->epoch->document);
  body = json_object_get_object_member (json_node_get_object (changed), "body");
  json_object_set_int_member (body, "positions", 3000);
  g_assert_null (koh_epoch_read (changed, pair.owner_self->roster, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
  g_clear_error (&error);
  /* Signed by another peer, in the holder's name. */
  forged = koh_signed_new (pair.owner_self->identity, "epoch",
                           json_node_copy (json_object_get_member (json_node_get_object (changed), "body")));
  g_assert_null (koh_epoch_read (forged, pair.owner_self->roster, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_CHECK);
}

/* ---- Owners that ask too much -------------------------------------------------------------- */

static void
the_quota_holds_over_restarts (void)
{
  g_auto (Pair) pair;
  g_autoptr (GPtrArray) persons = some_persons ();
  g_autoptr (GError) error = NULL;
  KohSpine *spine;

  pair_set (&pair);
  fixture_write (pair.holder_self->state, "quota", "[keys]\naarhus=1047552\n",
                 strlen ("[keys]\naarhus=1047552\n"));
  spine = enrol (&pair, persons, NULL, &error);
  g_assert_no_error (error);
  koh_spine_free (spine);
  end_serving (&pair);
  reopen (&pair, pair.enrolment->epoch);
  g_assert_null (enrol (&pair, persons, NULL, &error));
  g_assert_error (error, KOH_ERROR, KOH_ERROR_DECLINED);
  g_assert_nonnull (strstr (error->message, "danmarks-statistik"));
  g_assert_nonnull (strstr (error->message, "aarhus"));
}

static void
sizes_are_public_numbers (void)
{
  g_assert_cmpuint (koh_epoch_positions (1), ==, 1000);
  g_assert_cmpuint (koh_epoch_positions (989), ==, 1000);
  g_assert_cmpuint (koh_epoch_positions (990), ==, 1000);
  g_assert_cmpuint (koh_epoch_positions (991), ==, 2000);
  g_assert_cmpuint (koh_epoch_positions (100000), ==, 102000);
  g_assert_cmpuint (koh_epoch_positions (6000000), ==, 6061000);
  g_assert_cmpuint (koh_epoch_positions (G_MAXUINT64), ==, 0);
  g_assert_cmpuint (koh_epoch_padded (0), ==, 1024);
  g_assert_cmpuint (koh_epoch_padded (1024), ==, 1024);
  g_assert_cmpuint (koh_epoch_padded (1025), ==, 2048);
  g_assert_cmpuint (koh_epoch_padded (6000000), ==, 8388608);
  g_assert_cmpuint (koh_epoch_padded (G_MAXUINT64), ==, 0);
}

/* ---- Strangers ----------------------------------------------------------------------------- */

/* Bytes that do not follow the order of enrolment end it, and nothing else. */
static gpointer
babble_cb (gpointer data)
{
  Owner *owner = data;
  g_autoptr (KohLink) link =
    koh_node_dial (owner->pair->owner_self->node, "danmarks-statistik", "enrol", NULL, &owner->error);
  g_autoptr (GBytes) hello = g_bytes_new_static ("\x01\x01", 2);
  g_autoptr (GBytes) record = NULL;

  g_assert_no_error (owner->error);
  g_assert_true (koh_link_send (link, hello, NULL));
  record = koh_link_recv (link, 10, NULL);
  g_assert_nonnull (record);
  koh_link_send (link, g_ptr_array_index (owner->persons, 0), NULL);
  if (owner->persons->len > 1)
    {
      g_autoptr (GBytes) granted = koh_link_recv (link, 10, NULL);

      g_assert_nonnull (granted);
      koh_link_send (link, g_ptr_array_index (owner->persons, 1), NULL);
    }
  g_assert_null (koh_link_recv (link, 10, &owner->error));
  g_atomic_int_set (&owner->done, 1);
  return NULL;
}

static void
assert_ends (Pair *pair, const char *first, gsize first_size, const char *second, gsize second_size)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Owner owner = { pair, messages, NULL, 0, NULL, 0 };
  GThread *thread;

  g_ptr_array_add (messages, g_bytes_new (first, first_size));
  if (second != NULL)
    g_ptr_array_add (messages, g_bytes_new (second, second_size));
  thread = g_thread_new ("stranger", babble_cb, &owner);
  g_assert_true (fixture_wait (is_done, &owner, 30));
  g_thread_join (thread);
  g_thread_join (g_steal_pointer (&pair->serving));
  g_assert_error (pair->served, KOH_ERROR, KOH_ERROR_PROTOCOL);
  g_clear_error (&owner.error);
  end_serving (pair);
}

static void
other_bytes_end_the_enrolment (void)
{
  static const char begin[] = "\x04\x00\x04\x00\x00"; /* 1024 keys */
  g_autofree guint8 *junk = g_malloc0 (5 + KOH_ENROL_BATCH * 32);
  g_auto (Pair) pair;

  pair_set (&pair);
  assert_ends (&pair, "", 0, NULL, 0);
  assert_ends (&pair, "\x09", 1, NULL, 0);
  assert_ends (&pair, "\x04\x00\x02\x00\x00", 5, NULL, 0); /* too few */
  assert_ends (&pair, "\x04\x01\x04\x00\x00", 5, NULL, 0); /* no power of two */
  assert_ends (&pair, "\x04\x00\x04\x00\x00\x00", 6, NULL, 0);
  assert_ends (&pair, begin, 5, "\x07\x01\x00\x00\x00", 5);
  memcpy (junk, "\x07\x02\x00\x00\x00", 5); /* more batches than were asked for */
  assert_ends (&pair, begin, 5, (char *) junk, 5 + KOH_ENROL_BATCH * 32);
  junk[1] = 1; /* the identity is no blinded key */
  assert_ends (&pair, begin, 5, (char *) junk, 5 + KOH_ENROL_BATCH * 32);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  shared = fixture_new (200);
  g_test_add_func ("/peer/enrol/owners-learn-their-own-positions", owners_learn_their_own_positions);
  g_test_add_func ("/peer/enrol/every-epoch-has-another-order", every_epoch_has_another_order);
  g_test_add_func ("/peer/enrol/enrolment-survives-a-restart", enrolment_survives_a_restart);
  g_test_add_func ("/peer/enrol/another-list-is-not-used", another_list_is_not_used);
  g_test_add_func ("/peer/enrol/a-repeated-tag-is-not-used", a_repeated_tag_is_not_used);
  g_test_add_func ("/peer/enrol/another-key-is-not-used", another_key_is_not_used);
  g_test_add_func ("/peer/enrol/a-record-is-signed-by-its-holder", a_record_is_signed_by_its_holder);
  g_test_add_func ("/peer/enrol/the-quota-holds-over-restarts", the_quota_holds_over_restarts);
  g_test_add_func ("/peer/enrol/sizes-are-public-numbers", sizes_are_public_numbers);
  g_test_add_func ("/peer/enrol/other-bytes-end-the-enrolment", other_bytes_end_the_enrolment);
  status = g_test_run ();
  fixture_free (shared);
  return status;
}
