/* spoken: Finnish as it is spoken, and as it is written in a hurry, leaves out the ends of endings: "talos" for
 * talossa, "kassist" for kassista, "maitoo" for maitoa, "taloo" for taloon, "naapuritki" for naapuritkin. */
#pragma once

#include <glib.h>

#define SPOKEN_MAX   3
#define SPOKEN_BYTES 72

/* The written forms that a folded word which no dictionary knows may stand for; how many. */
unsigned spoken_written(const char *word, size_t length, char written[SPOKEN_MAX][SPOKEN_BYTES]);
