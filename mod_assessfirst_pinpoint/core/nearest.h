#ifndef AFP_CORE_NEAREST_H
#define AFP_CORE_NEAREST_H

/* Of a list of names the one that was probably meant. Any thread. */

#define AFP_NEAREST_LENGTH 255 /* bytes of a name that is considered */

/* The name among `names` (valid UTF-8; `count` of them) that is nearest to `name`: equal but for
 * case and blanks, else by the fewest characters that are missing, too many, others or swapped with
 * their neighbour, at most a third of them. Of equally near ones the first. NULL if none is near,
 * or if `name` itself is empty or too long. One of `names`, byte for byte the same, is the nearest
 * to itself. */
const char *afp_nearest(const char *name, const char *const *names, int count);

#endif
