# bench-identity: who is the same as whom, on sets with the truth beside them; needs the pack identity.
BENCH_DATA ?= $(or $(MERI_DATA),.data)
$(B)/bench/bench_identity: tests/bench/bench_identity.c tests/bench/identity_sets.c tests/bench/identity_store.c tests/bench/identity_truth.c tests/bench/identity_fill.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/bench $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
bench-identity: $(B)/bench/bench_identity
	$< $(BENCH_DATA)/identity

# bench-identity-load: what it costs to know whom a record is about; CUSTOMERS and RECORDS say how many.
CUSTOMERS ?= 50000
RECORDS   ?= 1000000
.PHONY: bench-identity-load
$(B)/bench/bench_identity_load: tests/bench/bench_identity_load.c tests/bench/identity_fill.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/bench $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
bench-identity-load: $(B)/bench/bench_identity_load
	$< $(CUSTOMERS) $(RECORDS)

# identity_orders: a store's records in shuffled orders; tests/flow/orders.sh shows the demo's to it.
$(B)/bench/identity_orders: tests/bench/identity_orders.c tests/bench/identity_fill.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/bench $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
check-flow: $(B)/bench/identity_orders
