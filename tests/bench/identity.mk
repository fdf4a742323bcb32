# bench-identity: who is the same as whom, on sets with the truth beside them; needs the pack identity.
BENCH_DATA ?= $(or $(MERI_DATA),.data)
$(B)/bench/bench_identity: tests/bench/bench_identity.c tests/bench/identity_sets.c tests/bench/identity_store.c tests/bench/identity_truth.c tests/bench/identity_fill.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) -Itests/bench $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
# One set is a parquet file: npm's hyparquet turns it into CSV. Without npm or a network it is not measured, which the bench says.
$(B)/bench/made/historical_50k.csv: tests/bench/identity_parquet.mjs
	@mkdir -p $(@D)/npm
	@npm --prefix $(@D)/npm --no-audit --no-fund --silent install hyparquet@1.31.5 >/dev/null 2>&1 && \
		node $< $(abspath $(@D)/npm/node_modules) $(BENCH_DATA)/identity/splink-datasets/data/historical_figures_with_errors_50k.parquet >$@.part && \
		mv $@.part $@ || rm -f $@.part
bench-identity: $(B)/bench/bench_identity $(B)/bench/made/historical_50k.csv
	MERI_BENCH_MADE=$(B)/bench/made $< $(BENCH_DATA)/identity

# bench-identity-load: what it costs to know whom a record is about; CUSTOMERS and RECORDS say how many.
CUSTOMERS ?= 50000
RECORDS   ?= 1000000
.PHONY: bench-identity-load
$(B)/bench/bench_identity_load: tests/bench/bench_identity_load.c tests/bench/identity_fill.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) -Itests/bench $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
bench-identity-load: $(B)/bench/bench_identity_load
	$< $(CUSTOMERS) $(RECORDS)

# identity_orders: a store's records in shuffled orders; tests/flow/orders.sh shows the demo's to it.
$(B)/bench/identity_orders: tests/bench/identity_orders.c tests/bench/identity_fill.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) -Itests/bench $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
check-flow: $(B)/bench/identity_orders
