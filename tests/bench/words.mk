# bench-words: do the forms of a word find each other; needs the packs words, relevance and mail-list.
BENCH_DATA ?= $(or $(MERI_DATA),.data)
$(B)/bench/bench_words: tests/bench/bench_words.c tests/bench/words_gold.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) -Itests/bench $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
bench-words: $(B)/bench/bench_words
	$< $(BENCH_DATA) tests/fixtures/words
