/* Checkpoints three records, puts "mended-1" with broken UTF-8, spans and party, and nine that cannot be records,
 * checkpoints. The daemon must say: partial; mended-1 is kept and lists what was mended; nine skipped; the three are
 * kept. */
#include "three.h"

static void put_bad(const struct meri_host *h, const char *id, int kind)
{
	h->put(h, &(struct meri_record){
			  .size = sizeof(struct meri_record), .id = id, .kind = (enum meri_kind)kind, .title = "bad"});
}

static int sync_all(const struct meri_host *h)
{
	static char long_id[3000];
	static const struct meri_span spans[] = {{2, 4}, {1, 1}, {0, 5}, {1000, 1}, {3, (size_t)-1}};
	static const struct meri_party party = {"from", "J\xe4rvi", "\xff\xfe@example.fi", NULL};
	if (three(h))
		return 0;
	memset(long_id, 'i', sizeof long_id - 1);
	h->put(h, &(struct meri_record){.size = sizeof(struct meri_record),
					.id = "mended-1",
					.kind = MERI_NOTE,
					.title = "P\xe4iv\xe4",
					.text = "ab\xff\xc3 cd\xed\xa0\x80 \xc3\xa4",
					.quoted = spans,
					.n_quoted = 5,
					.parties = &party,
					.n_parties = 1});
	put_bad(h, NULL, MERI_NOTE);
	put_bad(h, "", MERI_NOTE);
	put_bad(h, long_id, MERI_NOTE);
	put_bad(h, "kind-0", 0);
	put_bad(h, "kind-10", 10);
	put_bad(h, "kind-minus", -1);
	put_bad(h, "kind-large", 0x7fffffff);
	h->skip(h, NULL, NULL);
	h->skip(h, long_id, "long");
	h->checkpoint(h, "bad");
	return 0;
}
HOSTILE("bad_records", "Puts what cannot be records", sync_all);
