/* Checkpoints three records, puts "large-1" with 40 MiB of text and "large-2" whose fields take 100 MiB, checkpoints.
 * The daemon must say: partial; large-1 is kept, cut after 32 MiB and says so; large-2 is a listed failure; the three
 * are kept. */
#include "three.h"

enum { TEXT = 40 << 20, FIELD = 60000, FIELDS = 1700 };

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	char *text = malloc(TEXT + 1), *value = malloc(FIELD + 1);
	struct meri_pair *fields = calloc(FIELDS, sizeof *fields);
	if (!text || !value || !fields)
		return h->fail(h, MERI_TRANSIENT, 0, "no memory for a huge record");
	memset(text, 'a', TEXT);
	text[TEXT] = '\0';
	memset(value, 'b', FIELD);
	value[FIELD] = '\0';
	for (int i = 0; i < FIELDS; i++)
		fields[i] = (struct meri_pair){"field", value};
	put_one(h, "large", 1, text);
	h->put(h, &(struct meri_record){.size = sizeof(struct meri_record),
					.id = "large-2",
					.kind = MERI_NOTE,
					.title = "Too large",
					.fields = fields,
					.n_fields = FIELDS});
	free(text);
	free(value);
	free(fields);
	h->checkpoint(h, "huge");
	return 0;
}
HOSTILE("huge_record", "Puts records larger than may be", sync_all);
