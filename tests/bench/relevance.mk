# bench-relevance: does what is wanted come first, beside Xapian; needs the pack relevance and the packages of the set bench.
$(B)/bench/bench_relevance: tests/bench/bench_relevance.cc $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CXX) $(CPPFLAGS) -std=c++17 $(OPT) -Wall -Wextra -Werror $(SAN) -fPIE -o $@ $^ $(LDFLAGS) $(LIBS_core) -lxapian
bench-relevance: $(B)/bench/bench_relevance
	$< $(or $(MERI_DATA),.data)
