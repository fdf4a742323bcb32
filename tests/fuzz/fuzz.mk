# tests/fuzz/fuzz_NAME.c is a libFuzzer target, built anew with what it tests so that coverage sees all of it. It says in comments
# of its own what that is:
#     // with: plugins/mail/*.c        more source files
#     // libs: gmime-3.0               pkg-config names
#     // link: -lcsv                   other libraries
# `make fuzz SECONDS=60` gives each that long; `make fuzz FUZZ_ONLY=fuzz_wire` runs one. Seeds: tests/fixtures/fuzz/fuzz_NAME. What
# was found on the way stays in $(B)/fuzz/corpus, what failed in $(B)/fuzz/failed and ends the run.
FUZZ_CC     ?= clang
FUZZ_FLAGS  ?= -std=c17 -g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_FLAGS  += -Wno-unused-function
FUZZ_ONLY   ?= $(notdir $(FUZZ))
fuzz_says    = $(shell sed -n 's,^// $(2): ,,p' tests/fuzz/$(1).c)

$(B)/fuzz/%: tests/fuzz/%.c $(wildcard tests/fuzz/*.h include/meri/*.h core/*/*.[ch] plugins/*/*.[ch] plugins/*.c)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) $(CPPFLAGS) $(foreach p,$(call fuzz_says,$*,libs),$(shell pkg-config --cflags $(p))) -o $@ \
		$< $(call fuzz_says,$*,with) $(foreach p,$(call fuzz_says,$*,libs),$(shell pkg-config --libs $(p))) $(call fuzz_says,$*,link)

.PHONY: fuzz-build
fuzz-build: $(FUZZ)
fuzz: $(FUZZ_ONLY:%=$(B)/fuzz/%)
	@for name in $(FUZZ_ONLY); do \
		echo "fuzz $$name, $(SECONDS) s"; \
		mkdir -p $(B)/fuzz/corpus/$$name $(B)/fuzz/failed; \
		seeds=tests/fixtures/fuzz/$$name; test -d $$seeds || seeds=; \
		$(B)/fuzz/$$name -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 \
			-artifact_prefix=$(B)/fuzz/failed/$$name- $(B)/fuzz/corpus/$$name $$seeds || exit 1; \
	done
