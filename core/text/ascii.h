/* ascii: which of sixteen bytes are letters, numbers and neither, at once where the processor can: most text is ASCII,
 * and is cut into words by these. */
#pragma once

#include <glib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define ASCII_STEP 16

/* A bit for each byte, the lowest for the first. */
struct ascii_bits {
	guint32 letters, numbers, other; /* other: not ASCII */
};

/* `at`: ASCII_STEP bytes. */
static inline struct ascii_bits ascii_bits(const char *at)
{
#ifdef __SSE2__
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	const __m128i letter = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8('a' - 'A')), _mm_set1_epi8('a'));
	const __m128i number = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
	return (struct ascii_bits){
		(guint32)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8('z' - 'a')), letter)),
		(guint32)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(number, _mm_set1_epi8(9)), number)),
		(guint32)_mm_movemask_epi8(bytes),
	};
#else
	struct ascii_bits bits = {0, 0, 0};
	for (unsigned i = 0; i < ASCII_STEP; i++) {
		unsigned char c = (unsigned char)at[i];
		bits.letters |= (guint32)g_ascii_isalpha(c) << i;
		bits.numbers |= (guint32)g_ascii_isdigit(c) << i;
		bits.other |= (guint32)(c >> 7) << i;
	}
	return bits;
#endif
}
