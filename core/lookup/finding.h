/* finding: what the walks of one question found, on its way to becoming an
 * answer. */
#pragma once

#include "lookup/walk.h"

struct finding {
	GArray *candidates; /* struct candidate */
	GArray *ids;        /* gint64, ascending: the matches that were counted; NULL: what
			       the sieve lets through */
	struct tallies tallies;
	gint64 total;
	gint64 last_row; /* of the store */
	gboolean more;   /* not all were counted */
	gboolean newest; /* candidates are in the order of time, and begin where the
			    page begins */
	gboolean first;  /* it is for a first page */
	gboolean cut;    /* there are more candidates behind the last one */
};

/* Fills answer->hits and answer->next; takes the candidates out of `f`. */
gboolean finding_hits(store *s, text_analyser *analyser, const struct lookup_request *request,
		      const struct lookup_match *match, struct sieve *sieve, struct finding *f,
		      struct lookup_answer *answer, GError **error);
/* Fills the answer's facets. To be called before finding_hits. */
gboolean finding_facets(store *s, const struct finding *f, struct lookup_answer *answer, GError **error);
