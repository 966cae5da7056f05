#include "work/unknown_events.h"

#include <apr_strings.h>
#include <string.h>

/* Also not if the clock was set to another time since. */
static int is_recent(apr_time_t at, apr_time_t now)
{
    return at > now - AFP_UNKNOWN_EVENTS_INTERVAL && at < now + AFP_UNKNOWN_EVENTS_INTERVAL;
}

/* Takes a place that is free, or of a name that was told long enough ago. 1, or 0 if there is none,
 * or this name was told just now. */
static int take_place(afp_unknown_events_t *events, const char *name, apr_time_t at)
{
    int place = -1;
    int i;

    for (i = 0; i < AFP_UNKNOWN_EVENTS_NAMES; i++) {
        const char *told = events->told[i].name;

        if (!*told || !is_recent(events->told[i].at, at)) {
            place = i;
        } else if (!strcmp(told, name)) {
            return 0;
        }
    }
    if (place < 0) {
        return 0;
    }
    apr_cpystrn(events->told[place].name, name, sizeof(events->told[place].name));
    events->told[place].at = at;
    return 1;
}

int afp_unknown_events_note(afp_unknown_events_t *events, const char *name, apr_time_t at)
{
    int is_news = take_place(events, name, at);

    apr_cpystrn(events->latest, name, sizeof(events->latest));
    events->latest_at = at;
    events->is_unwritten = 1;
    events->is_urgent |= is_news;
    return is_news;
}

int afp_unknown_events_take(afp_unknown_events_t *events, apr_time_t now,
                            char name[AFP_EVENT_NAME_LIMIT + 1], apr_time_t *at)
{
    if (!events->is_unwritten || (!events->is_urgent && is_recent(events->written_at, now))) {
        return 0;
    }
    events->is_unwritten = 0;
    events->is_urgent = 0;
    events->written_at = now;
    apr_cpystrn(name, events->latest, AFP_EVENT_NAME_LIMIT + 1);
    *at = events->latest_at;
    return 1;
}

void afp_unknown_events_put_back(afp_unknown_events_t *events)
{
    events->is_unwritten = 1;
    events->is_urgent = 1;
}
