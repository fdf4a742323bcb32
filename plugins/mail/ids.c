#include "ids.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

/* Counts under 64-bit keys; open addressing. Two keys meet once in 10^7 archives of a million messages, and then a
 * message gets a longer id than it needs, no more. */
struct slot {
	uint64_t key;
	uint32_t count;
};

/* Bloom filters, each twice the size of the one before: 12 bits a message and 6 probes let 1 in 200 strangers pass. */
#define LAYERS 11
static const size_t LAYER0 = 1024; /* bytes */

struct mail_ids {
	struct slot *slots;
	size_t mask, used;
	unsigned char *layer[LAYERS];
	uint32_t filled[LAYERS];
	gboolean blind; /* the filter is lost */
	void (*look)(void *);
	void *context;
};

struct mail_ids *mail_ids_new(void)
{
	struct mail_ids *ids = g_new0(struct mail_ids, 1);

	ids->mask = 4095;
	ids->slots = g_new0(struct slot, ids->mask + 1);
	return ids;
}

void mail_ids_free(struct mail_ids *ids)
{
	if (!ids)
		return;
	for (int i = 0; i < LAYERS; i++)
		g_free(ids->layer[i]);
	g_free(ids->slots);
	g_free(ids);
}

void mail_ids_on_doubt(struct mail_ids *ids, void (*look)(void *context), void *context)
{
	ids->look = look;
	ids->context = context;
}

static uint64_t hash_of(const char *id, const unsigned char *hash)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES] = "mail connector";
	unsigned char buffer[MAIL_ID_MAX + 17];
	size_t n = strlen(id);
	uint64_t out;

	memcpy(buffer, id, n + 1);
	if (hash) {
		memcpy(buffer + n + 1, hash, 16);
		n += 17;
	}
	crypto_shorthash((unsigned char *)&out, buffer, n, key);
	return out ? out : 1;
}

static uint32_t *count_of(struct mail_ids *ids, uint64_t key)
{
	size_t at;

	if (ids->used * 2 > ids->mask) {
		struct slot *old = ids->slots;
		size_t n = ids->mask + 1;

		ids->mask = 2 * n - 1;
		ids->slots = g_new0(struct slot, 2 * n);
		for (size_t i = 0; i < n; i++)
			if (old[i].key) {
				for (at = old[i].key & ids->mask; ids->slots[at].key; at = (at + 1) & ids->mask)
					;
				ids->slots[at] = old[i];
			}
		g_free(old);
	}
	for (at = key & ids->mask; ids->slots[at].key && ids->slots[at].key != key; at = (at + 1) & ids->mask)
		;
	if (!ids->slots[at].key) {
		ids->slots[at].key = key;
		ids->used++;
	}
	return &ids->slots[at].count;
}

/* ---- the filter ---- */

static size_t layer_bits(int layer)
{
	return (LAYER0 << layer) * 8;
}

static gboolean layer_has(const struct mail_ids *ids, int layer, uint64_t key)
{
	uint64_t step = (key >> 32) | 1;

	for (int i = 0; i < 6; i++, key += step)
		if (!(ids->layer[layer][key % layer_bits(layer) / 8] & (1u << (key % 8))))
			return FALSE;
	return TRUE;
}

static gboolean filter_has(const struct mail_ids *ids, uint64_t key)
{
	for (int i = 0; i < LAYERS && ids->layer[i]; i++)
		if (layer_has(ids, i, key))
			return TRUE;
	return FALSE;
}

static void filter_add(struct mail_ids *ids, uint64_t key)
{
	uint64_t step = (key >> 32) | 1;
	int layer = 0;

	if (filter_has(ids, key))
		return;
	while (layer < LAYERS - 1 && ids->filled[layer] >= layer_bits(layer) / 12)
		layer++;
	if (!ids->layer[layer])
		ids->layer[layer] = g_malloc0(LAYER0 << layer);
	ids->filled[layer]++;
	for (int i = 0; i < 6; i++, key += step)
		ids->layer[layer][key % layer_bits(layer) / 8] |= (unsigned char)(1u << (key % 8));
}

char *mail_ids_save(const struct mail_ids *ids)
{
	GString *out = g_string_new(NULL);

	if (ids->blind)
		return g_string_free(out, FALSE);
	for (int i = 0; i < LAYERS && ids->layer[i]; i++) {
		g_autofree char *bits = g_base64_encode(ids->layer[i], LAYER0 << i);

		g_string_append_printf(out, "%s%u:%s", i ? " " : "", ids->filled[i], bits);
	}
	return g_string_free(out, FALSE);
}

int mail_ids_load(struct mail_ids *ids, const char *text)
{
	g_auto(GStrv) layers = g_strsplit(text ? text : "", " ", LAYERS + 1);

	ids->blind = TRUE;
	for (int i = 0; layers[i]; i++) {
		char *colon = NULL;
		gsize n = 0;

		if (i == LAYERS)
			return 0;
		ids->filled[i] = (uint32_t)g_ascii_strtoull(layers[i], &colon, 10);
		if (!colon || *colon != ':')
			return 0;
		g_free(ids->layer[i]);
		ids->layer[i] = g_base64_decode(colon + 1, &n);
		if (n != LAYER0 << i) {
			g_clear_pointer(&ids->layer[i], g_free);
			return 0;
		}
	}
	ids->blind = FALSE;
	return 1;
}

/* ---- ids ---- */

/* Sees to it that what unread mail holds is known, if this id may be among it. */
static void settle_doubt(struct mail_ids *ids, uint64_t key)
{
	void (*look)(void *) = ids->look;

	if (!look || (!ids->blind && !filter_has(ids, key)))
		return;
	ids->look = NULL;
	look(ids->context);
}

struct mail_key mail_ids_key(const struct mail_identity *who)
{
	return (struct mail_key){hash_of(who->id, NULL), hash_of(who->id, who->hash), who->id[0] != '\0'};
}

void mail_ids_taken(struct mail_ids *ids, const struct mail_key *key, int rank)
{
	uint32_t *count;

	if (rank <= 0)
		*count_of(ids, key->plain) = 1;
	count = count_of(ids, key->exact);
	if (rank < 0)
		(*count)++;
	else if (*count < (uint32_t)MAX(rank, 1))
		*count = (uint32_t)MAX(rank, 1);
	filter_add(ids, key->named ? key->plain : key->exact);
}

int mail_ids_assign(struct mail_ids *ids, const struct mail_identity *who, char *out)
{
	struct mail_key key = mail_ids_key(who);
	uint64_t telling = key.named ? key.plain : key.exact;
	char hash[17];
	int rank;

	if (!key.named || *count_of(ids, key.plain) == 0)
		settle_doubt(ids, telling);
	filter_add(ids, telling);
	rank = (int)++*count_of(ids, key.exact);
	if (key.named && *count_of(ids, key.plain) == 0) {
		*count_of(ids, key.plain) = 1;
		memcpy(out, who->id, strlen(who->id) + 1);
		return 0;
	}
	mail_hex(who->hash, 8, hash);
	if (rank == 1)
		g_snprintf(out, MAIL_RECORD_ID_MAX, "%s#%s", who->id, hash);
	else
		g_snprintf(out, MAIL_RECORD_ID_MAX, "%s#%s.%d", who->id, hash, rank);
	return rank;
}
