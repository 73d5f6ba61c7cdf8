# SPDX-License-Identifier: MIT
#
# wavetank. The two commands: `make run` shows it at work, `make check` tests it. `make help` lists the rest.
#
# CC, AR, CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS are yours; what the build needs stands in variables of its own. O=DIR
# builds elsewhere, SANITIZE=address,undefined adds sanitizers (use an O= of its own), WERROR=1 makes warnings errors,
# V=1 shows commands, LTO= links at once and runs slower.
# Sources are found by wildcard: a new fault, verb, check or sink needs no line here.

SHELL = /bin/sh
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
ifeq ($(origin CC),default)
CC = gcc
endif
CLANG ?= clang
CFLAGS ?= -O2 -g
O ?= build
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
Q = $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
datarootdir ?= $(prefix)/share
datadir ?= $(datarootdir)/wavetank
INSTALL ?= install

STD = -std=c11
WARN = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum $(if $(WERROR),-Werror)
# Nothing that a compiler may do differently reaches a record; these keep even floats (of which there are none) and
# paths out of it.
DETERMINISM = -ffp-contract=off -ffile-prefix-map=$(CURDIR)=.
SAN = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
ALL_CFLAGS = $(STD) $(WARN) $(DETERMINISM) $(SAN) $(CFLAGS)
# Files beyond 2 GiB with 32 bits; MSan does not know the names that this gives to stat and its like.
LARGE_FILES = $(if $(findstring memory,$(SANITIZE)),,-D_FILE_OFFSET_BITS=64)
# Who reads a column of a record that its kind has not is told so where nobody asked for speed, and in every test.
RECORD_CHECKS = -DWT_RECORD_CHECKS
ALL_CPPFLAGS = -I$(O) $(LARGE_FILES) $(if $(SANITIZE)$(if $(filter -O2 -O3,$(CFLAGS)),,-O),$(RECORD_CHECKS)) $(CPPFLAGS)
COMPILE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP
# The rooms that every event passes call each other in small functions. Where gcc optimises, it does so with all its
# might, and once more over all of them when it links the program: a tenth faster, and it takes some seconds. Tests and
# mutants are linked from the same objects without that.
ifeq ($(origin LTO),undefined)
LTO := $(if $(SANITIZE),,$(if $(filter -O2 -O3,$(CFLAGS)),$(if $(findstring Free Software,$(shell $(CC) --version)),-flto=auto)))
endif
HOT = $(if $(LTO),-O3 $(LTO) -ffat-lto-objects)
NO_LTO = $(if $(LTO),-fno-lto)
LINK = $(CC) $(ALL_CFLAGS) $(LDFLAGS)

LIB_SRC := $(filter-out sim/cli/% sim/test/% sim/bench/%,$(wildcard core/*.c sim/*/*.c))
CLI_SRC := $(wildcard sim/cli/*.c)
TEST_SRC := $(wildcard core/test/test_*.c sim/test/test_*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(O)/obj/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(O)/obj/%.o)
HOT_OBJ := $(filter $(O)/obj/core/% $(foreach room,base world sut check run,$(O)/obj/sim/$(room)/%),$(LIB_OBJ))
TEST_BIN := $(TEST_SRC:%.c=$(O)/test/%)
# Tests of the command line may use what lies behind main().
CLI_TEST_OBJ := $(filter-out $(O)/obj/sim/cli/main.o,$(CLI_OBJ))
# Those of the bench use its figures, and need no peer.
BENCH_TEST_OBJ := $(O)/obj/sim/bench/figures.o
test_also = $(if $(findstring test_cli,$<),$(CLI_TEST_OBJ)) $(if $(findstring test_bench,$<),$(BENCH_TEST_OBJ))

## all: build/wavetank (the default)
all: $(O)/wavetank

$(O)/wavetank: $(CLI_OBJ) $(LIB_OBJ)
	$(call say,LD,$@)
	$(Q)$(LINK) $(LTO) -o $@ $^ $(LDLIBS)

# Other flags, another compiler: everything anew.
FLAGS_NOW := $(filter-out -Werror,$(COMPILE)) $(HOT)
$(O)/flags: FORCE
	$(shell mkdir -p $(@D))$(file >$@.new,$(FLAGS_NOW))
	$(Q)if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(O)/obj/%.o: %.c $(O)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) -c -o $@ $<
$(HOT_OBJ): ALL_CFLAGS += $(HOT)

# What --version says. Rewritten only where it changed, and then only what includes it is compiled anew.
$(CLI_OBJ): | $(O)/version.h
REVISION = $(shell .ci/revision)
$(O)/version.h: FORCE
	$(Q)mkdir -p $(O)
	$(Q)printf '#define WT_REVISION "%s"\n#define WT_COMPILER "%s"\n' '$(REVISION)' "$$($(CC) --version | head -n 1 | tr -d '\"\\')" >$@.new
	$(Q)if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
FORCE:

# Where plot finds its scripts when the program is not installed.
$(O)/obj/sim/cli/plot_draw.o: ALL_CPPFLAGS += -DWAVETANK_DATA='"$(datadir)"' -DWAVETANK_SOURCE='"$(CURDIR)"'

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d)

# ---- the two commands ------------------------------------------------------------------------------------------------

# Which storms are swept, and how many seeds in all.
STORMS := $(wildcard scenarios/storm/*.scn)
STORM_SEEDS ?= 2000
STORM_SEEDS_EACH = $(shell echo $$(( ($(STORM_SEEDS) + $(words $(STORMS)) - 1) / ($(words $(STORMS)) + (0 == $(words $(STORMS)))) )))
LATENCY_SEEDS ?= 100
COVERAGE_SEEDS ?= 40
MAKE_QUIETLY = $(MAKE) --no-print-directory
WAVETANK = $(O)/wavetank

## run: install what is missing, build, run every scenario, sweep 2,000 storm seeds, draw the figures
run:
	$(Q).ci/setup xxhash gnuplot
	$(Q)$(MAKE_QUIETLY) -j$(JOBS) all
	@echo "== every scenario"
	$(Q)$(WAVETANK) run scenarios
	@echo "== $(STORM_SEEDS) storm seeds"
	$(Q)$(MAKE_QUIETLY) sweep
	@echo "== figures of latency and throughput"
	$(Q)$(MAKE_QUIETLY) plots
	@echo
	@echo "Done. Every figure and its data: reports/out/*.svg, *.png, *.dat"
	@echo "Try next:"
	@echo "  $(WAVETANK) list verbs"
	@echo "      what a scenario can say (scenarios/README.md says it at length)"
	@echo "  $(WAVETANK) run $(firstword $(sort $(wildcard scenarios/*/*.scn))) --trace"
	@echo "      everything that happens in a run"
	@echo "  $(WAVETANK) sweep scenarios/storm --seeds $$(git rev-parse --short HEAD 2>/dev/null || echo word)+500"
	@echo "      seeds nobody has tried"
	@echo "  make check"
	@echo "      the tests"

## sweep: sweep the storms (STORM_SEEDS=2000 seeds in all, SWEEP_FLAGS=...)
sweep: $(O)/wavetank
	$(Q)mkdir -p reports/out
	$(Q)$(WAVETANK) sweep $(STORMS) --seeds 1..$(STORM_SEEDS_EACH) --require-bites --require-judged \
		$(SWEEP_FLAGS)

## plots: draw the figures of latency and throughput (LATENCY_SEEDS=100 seeds a scenario) into reports/out
plots: $(O)/wavetank
	$(Q)mkdir -p reports/out
	$(Q)$(WAVETANK) sweep scenarios/latency --seeds 1..$(LATENCY_SEEDS) --out reports/out/latency.jsonl --force
	$(Q)$(WAVETANK) plot reports/out/latency.jsonl -o reports/out

## check: set up, then all tests: cmocka, scenarios, golden command lines, the canary, the fuzz corpora
check:
	$(Q).ci/setup xxhash gnuplot cmocka
	$(Q)$(MAKE_QUIETLY) -j$(JOBS) all tests $(FUZZ_STANDALONE)
	$(Q)O='$(O)' CC='$(CC)' JOBS='$(JOBS)' sim/test/check.sh $(TEST_BIN)

# ---- tests -----------------------------------------------------------------------------------------------------------

## tests: build the unit tests without running them
tests: $(TEST_BIN)
$(O)/test/%: %.c $(LIB_OBJ) $(CLI_TEST_OBJ) $(BENCH_TEST_OBJ)
	$(call say,TEST,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) $(RECORD_CHECKS) $(NO_LTO) $(LDFLAGS) -o $@ $< $(test_also) $(LIB_OBJ) -lcmocka $(LDLIBS)
-include $(TEST_BIN:%=%.d)

## bless: refresh the golden files of the command line tests (read the diff before you commit it)
bless: $(O)/wavetank
	$(Q)O='$(O)' sim/test/cli/run.sh --bless

## reference: make the generated parts of scenarios/README.md anew from the tables and the examples
reference: $(O)/wavetank
	$(Q)O='$(O)' scenarios/reference.sh

## canary: every mutant must be caught by the storms; BLIND=1: without checks that look inside
canary: $(O)/wavetank
	$(Q)O='$(O)' CC='$(CC)' JOBS='$(JOBS)' BLIND='$(BLIND)' fuzz/canary.sh

## score: how often the storms show each defect of fuzz/, how soon and by what (a quarter of an hour); BY_STORM=1: which storm does
score: $(O)/wavetank
	$(Q)O='$(O)' CC='$(CC)' JOBS='$(JOBS)' $(if $(BY_STORM),fuzz/by_storm.sh,fuzz/score.sh)

# ---- determinism -----------------------------------------------------------------------------------------------------

# NAME is compiler-[m32-]level[-sanitizers]: sim/test/determinism.sh reads it. The first is what the others are
# compared with.
DETERMINISM_BUILDS = gcc-O0 gcc-O3 gcc-O0-asan gcc-O3-asan clang-O0 clang-O3 clang-O0-asan clang-O3-asan \
    clang-O0-msan clang-O3-msan gcc-m32-O0 gcc-m32-O3 clang-m32-O3
WIDE_BUILDS = $(DETERMINISM_BUILDS) s390x-O0 s390x-O3 arm64-O0 arm64-O3
DETERMINISM_SH = MAKE='$(MAKE)' JOBS='$(JOBS)' sim/test/determinism.sh

## determinism: 20 runs, the same digests from gcc and clang, -O0 and -O3, ASan+UBSan, MSan, 32 bits
determinism:
	$(Q).ci/setup xxhash clang m32
	$(Q)$(DETERMINISM_SH) builds $(DETERMINISM_BUILDS)

## determinism-wide: and from s390x and arm64, under qemu
determinism-wide:
	$(Q).ci/setup xxhash clang m32 s390x arm64 qemu
	$(Q)$(DETERMINISM_SH) builds $(WIDE_BUILDS)

## bless-determinism: refresh the digests of sim/test/determinism.list (in a commit of its own that says why)
bless-determinism: $(O)/wavetank
	$(Q)sim/test/determinism.sh bless $(O)/wavetank

# ---- fuzzing ---------------------------------------------------------------------------------------------------------

FUZZ_TARGETS := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
FUZZ_STANDALONE := $(if $(wildcard fuzz/standalone.c),$(FUZZ_TARGETS:%=$(O)/fuzz/standalone_%))
LIB_FUZZING_ENGINE ?= -fsanitize=fuzzer
FUZZ_SECONDS ?= 30
FUZZ_O = $(O)/fuzz-clang
FUZZ_FLAGS = $(STD) $(WARN) $(DETERMINISM) -O1 -g -fsanitize=address,undefined,fuzzer-no-link \
    -fno-sanitize-recover=undefined

$(O)/fuzz/standalone_%: fuzz/fuzz_%.c fuzz/standalone.c $(LIB_OBJ)
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) $(NO_LTO) $(ALL_CPPFLAGS) -MMD -MP -MF $@.d -o $@ $< fuzz/standalone.c $(LIB_OBJ) $(LDLIBS)
-include $(FUZZ_STANDALONE:%=%.d)

$(FUZZ_O)/obj/%.o: %.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_FLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<
$(FUZZ_O)/%: $(FUZZ_O)/obj/fuzz/fuzz_%.o $(LIB_SRC:%.c=$(FUZZ_O)/obj/%.o)
	$(call say,FUZZ,$@)
	$(Q)$(CLANG) $(FUZZ_FLAGS) $(LIB_FUZZING_ENGINE) -o $@ $^
-include $(LIB_SRC:%.c=$(FUZZ_O)/obj/%.d) $(FUZZ_TARGETS:%=$(FUZZ_O)/obj/fuzz/fuzz_%.d)
.SECONDARY:

# Harnesses that read scenarios have a dictionary made of the tables, and scenarios/ beside their own folder of
# fuzz/corpus.
FUZZ_WITH_WORDS = scenario fmt
$(FUZZ_O)/words.dict: fuzz/dict.sh $(wildcard core/*.def sim/*/*.def sim/faults/*.c)
	$(Q)mkdir -p $(@D)
	$(Q)fuzz/dict.sh >$@.new && mv $@.new $@

## fuzz: build the libFuzzer harnesses with clang
fuzz: $(FUZZ_TARGETS:%=$(FUZZ_O)/%) $(FUZZ_O)/words.dict

## fuzz-smoke: run each harness for 30 s (FUZZ_SECONDS=30); new inputs stay in build/, failures too
fuzz-smoke:
	$(Q).ci/setup xxhash clang
	$(Q)$(MAKE_QUIETLY) -j$(JOBS) fuzz
	$(Q)for t in $(FUZZ_TARGETS); do \
	    mkdir -p $(FUZZ_O)/new/$$t fuzz/corpus/$$t || exit 1; with=; also=; \
	    case " $(FUZZ_WITH_WORDS) " in *" $$t "*) with=-dict=$(FUZZ_O)/words.dict; also=scenarios ;; esac; \
	    echo "== $$t for $(FUZZ_SECONDS) s"; \
	    $(FUZZ_O)/$$t -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -error_exitcode=1 -timeout_exitcode=1 -print_final_stats=1 \
	        -artifact_prefix=$(FUZZ_O)/ $$with $(FUZZ_FLAGS_RUN) $(FUZZ_O)/new/$$t fuzz/corpus/$$t $$also >$(FUZZ_O)/$$t.log 2>&1 || \
	        { tail -n 40 $(FUZZ_O)/$$t.log; exit 1; }; \
	    grep -E 'stat::(number_of_executed_units|average_exec_per_sec|new_units_added)' $(FUZZ_O)/$$t.log; \
	done

# ---- care ------------------------------------------------------------------------------------------------------------

## bench: the figures, beside those of libraft's fixture, and into reports/out/bench.jsonl (QUICK=1, BENCH_FLAGS=--list)
bench:
	$(Q).ci/setup xxhash libraft
	$(Q)$(MAKE_QUIETLY) -j$(JOBS) $(O)/bench
	$(Q)mkdir -p reports/out
	$(Q)$(O)/bench $(if $(QUICK),--quick --rounds 3) --out reports/out/bench$(if $(QUICK),-quick).jsonl $(BENCH_FLAGS)
## figures: put the latest figures (make bench) into the README
figures:
	$(Q)sim/bench/readme.sh
BENCH_SRC := $(wildcard sim/bench/*.c)
BENCH_OBJ := $(filter-out %/fixture.o,$(BENCH_SRC:%.c=$(O)/obj/%.o)) $(O)/obj/sim/bench/peer.o
$(O)/bench: $(BENCH_OBJ) $(LIB_OBJ)
	$(call say,LD,$@)
	$(Q)$(LINK) $(LTO) -o $@ $^ $(LDLIBS)
# libraft and our core share names (raft_init): the peer is linked by itself first, and keeps only its doors.
$(O)/obj/sim/bench/peer.o: $(O)/obj/sim/bench/fixture.o
	$(call say,LD,$@)
	$(Q)$(CC) -r -nostdlib -o $@ $< -l:libraft.a
	$(Q)objcopy --wildcard --keep-global-symbol='part_fixture_*' $@
-include $(BENCH_SRC:%.c=$(O)/obj/%.d)

## coverage: which branches of core/ no storm takes, and who does (COVERAGE_SEEDS=40 seeds a storm; the list is core/test/untaken.list)
coverage: $(O)/wavetank
	$(Q)O='$(O)' CC='$(CC)' SEEDS='$(COVERAGE_SEEDS)' core/test/coverage.sh

## tidy: house rules: licence lines, lengths of files and lines, includes, banned words, scenarios in canonical form
tidy: $(O)/wavetank
	$(Q)O='$(O)' .ci/tidy

## format: clang-format over sim/cli, sim/run and sim/test
format:
	$(Q)clang-format -i sim/cli/*.[ch] sim/run/*.[ch]

## install: install under prefix (/usr/local; DESTDIR is honoured)
install: $(O)/wavetank
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(datadir)/plots
	$(INSTALL) -m 755 $(O)/wavetank $(DESTDIR)$(bindir)/wavetank
	$(INSTALL) -m 644 reports/plots/*.gp $(DESTDIR)$(datadir)/plots

## uninstall: remove what install put there
uninstall:
	rm -f $(DESTDIR)$(bindir)/wavetank
	rm -rf $(DESTDIR)$(datadir)

## dist: a source archive of HEAD in build/
dist:
	$(Q)mkdir -p $(O)
	$(Q)printf '%s\n' '$(REVISION)' >$(O)/.version
	$(Q)git archive --prefix=wavetank-$(REVISION)/ --add-file=$(O)/.version -o $(O)/wavetank-$(REVISION).tar.gz HEAD
	@echo $(O)/wavetank-$(REVISION).tar.gz

## clean: remove what was built
clean:
	rm -rf $(O)

## distclean: remove what was built and drawn
distclean: clean
	rm -rf build build-* reports/out compile_commands.json

## help: this list
help:
	@sed -n 's/^## \([^:]*\): */  \1|/p' Makefile | awk -F'|' '{printf "  make %-17s %s\n", substr($$1, 3), $$2}'

.PHONY: all run sweep plots check tests bless reference canary score coverage determinism determinism-wide \
    bless-determinism fuzz fuzz-smoke bench figures tidy format install uninstall dist clean distclean help FORCE
