#include "terms.h"

#include <string.h>

void terms_add(struct terms *t, char mark, enum text_class kind, const char *bytes, size_t length)
{
	if (length == 0 || t->count >= MIN(t->room, TERMS_QUERY))
		return;
	struct term *to = &t->items[t->count];
	size_t head = mark ? 1 : 0;
	if (length > TERM_BYTES - head) {
		length = TERM_BYTES - head;
		while (length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80)
			length--;
	}
	if (mark)
		to->bytes[0] = mark;
	memcpy(to->bytes + head, bytes, length);
	to->length = (guint8)(head + length);
	to->kind = (guint8)kind;
	for (unsigned i = 0; i < t->count; i++)
		if (t->items[i].length == to->length && !memcmp(t->items[i].bytes, to->bytes, to->length))
			return;
	t->count++;
}
