/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-fields.h"
#include "tea-message-rights.h"
#include "tea-timeline-item-private.h"
#include "tea-timeline-private.h"

#define MEMBER TEA_ROOM_ROLE_MEMBER
#define MODERATOR TEA_ROOM_ROLE_MODERATOR
#define OWNER TEA_ROOM_ROLE_OWNER

/* Whose message it is, and whether it was removed. */
typedef enum
{
  OTHERS,
  OWN,
  REMOVED,
} Whose;

static TeaTimelineItem *
new_item (Whose whose)
{
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (&(TeaEventFields){
      .seq = 7,
      .kind = TEA_EVENT_MESSAGE,
      .author = "Mei",
      .text = whose == REMOVED ? NULL : "tea",
  });
  TeaTimelineItem *item = tea_timeline_item_new_told (event, whose == OWN);

  _tea_timeline_item_set_seq (item, 7);

  return item;
}

static char *
list (TeaMessageRights rights)
{
  return g_strdup_printf ("%s%s%s%s", rights & TEA_MESSAGE_REPLY ? "reply " : "",
                          rights & TEA_MESSAGE_EDIT ? "edit " : "",
                          rights & TEA_MESSAGE_PIN ? "pin " : "",
                          rights & TEA_MESSAGE_REMOVE ? "remove " : "");
}

static void
test_rights (void)
{
  static const struct
  {
    Whose whose;
    TeaRoomRole role;
    TeaRoomFlags flags;
    const char *expected;
  } vectors[] = {
    { OTHERS, TEA_ROOM_ROLE_NONE, 0, "" },
    { OTHERS, MEMBER, 0, "reply " },
    { OTHERS, MEMBER, TEA_ROOM_MEMBERS_MAY_PIN, "reply pin " },
    { OTHERS, MEMBER, TEA_ROOM_MEMBERS_MAY_PIN | TEA_ROOM_PAIR, "reply " },
    { OTHERS, MEMBER, TEA_ROOM_ARCHIVED, "" },
    { OTHERS, MODERATOR, 0, "reply pin remove " },
    { OTHERS, OWNER, 0, "reply pin remove " },
    { OTHERS, OWNER, TEA_ROOM_ARCHIVED, "remove " },
    { OWN, TEA_ROOM_ROLE_NONE, 0, "" },
    { OWN, MEMBER, 0, "reply edit remove " },
    { OWN, MEMBER, TEA_ROOM_PAIR, "reply edit remove " },
    { OWN, MEMBER, TEA_ROOM_ARCHIVED, "remove " },
    { OWN, MODERATOR, 0, "reply edit pin remove " },
    { REMOVED, OWNER, 0, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTimelineItem) item = new_item (vectors[i].whose);
      g_autofree char *rights
          = list (tea_message_rights_decide (item, vectors[i].role, vectors[i].flags));

      g_test_message ("vector %zu", i);
      g_assert_cmpstr (rights, ==, vectors[i].expected);
    }
}

/* Nothing can be done yet with what the room does not have. */
static void
test_unsent (void)
{
  g_autoptr (TeaTimelineItem) item = tea_timeline_item_new_message ("Mei", "tea", 0, TRUE);

  g_assert_cmpuint (tea_message_rights_decide (item, OWNER, 0), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-rights/rights", test_rights);
  g_test_add_func ("/message-rights/unsent", test_unsent);

  return g_test_run ();
}
