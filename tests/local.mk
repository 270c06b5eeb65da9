# SPDX-License-Identifier: GPL-2.0-or-later
# Tests and measurements. Those of the core link the core only, so that a step over a layer is a link error.

EXTRA_DIST += tests/boot tests/data tests/fault tests/fuzz tests/guests tests/hosts tests/kernels tests/lib tests/parity \
	tests/promises tests/rpc tests/ns/firewall-page.tsv tests/ns/forge.c tests/ns/frame.c $(SCRIPT_TESTS)

# A directory is copied with what was built in it, here or in the directory of the build.
dist-hook:
	cd '$(distdir)' && rm -f $(check_PROGRAMS) $(PRELOADED) && find tests \( -name .deps -o -name '*.o' -o -name '*.log' -o -name '*.trs' \
		-o -name '*.time' -o -name .dirstamp \) -exec rm -rf {} +
	cd '$(distdir)' && find tests -type f | while read -r file; do [ -e "$(abs_srcdir)/$$file" ] || rm -f "$$file"; done

# Those that take more than 20 seconds, the longest first, so that no one is left running when all others have ended.
LONG_TESTS = \
	tests/fault/sample.sh \
	tests/parity/definitions.sh \
	tests/ns/uplink.sh \
	tests/ns/evpn.sh \
	tests/ns/backend-change.sh \
	tests/ns/beside-firewalld.sh \
	tests/ns/held.sh \
	tests/ns/zone.sh \
	tests/ns/import.sh \
	tests/ns/explain.sh \
	tests/ns/dhcp.sh \
	tests/ns/tun.sh \
	tests/ns/openvswitch.sh \
	tests/fault/oom.sh \
	tests/parity/commands.sh \
	tests/ns/boot.sh \
	tests/ns/frames.sh \
	tests/ns/bandwidth.sh \
	tests/parity/firewalld.sh \
	tests/ns/zone-default.sh \
	tests/promises/full.sh \
	tests/ns/hooks.sh \
	tests/ns/spoof.sh \
	tests/ns/services.sh \
	tests/promises/random.sh \
	tests/ns/leases.sh \
	tests/ns/doctor-beside.sh \
	tests/ns/doctor-healthy.sh \
	tests/ns/doctor.sh \
	tests/ns/doctor-hosts.sh \
	tests/ns/health.sh \
	tests/ns/rules-record.sh \
	tests/ns/guest-down.sh \
	tests/ns/forwards.sh \
	tests/ns/backends.sh \
	tests/ns/stp.sh \
	tests/ns/host.sh
MORE_TESTS = \
	tests/fault/foreign.sh \
	tests/fault/kills.sh \
	tests/fault/short.sh \
	tests/fault/soak.sh \
	tests/fuzz/bombs.sh \
	tests/promises/powerloss.sh \
	tests/rpc/hostile.sh \
	tests/rpc/kills.sh \
	tests/rpc/log.sh \
	tests/rpc/python.sh
SHORT_TESTS = $(OTHER_TESTS) $(MORE_TESTS)
SCRIPT_TESTS = $(LONG_TESTS) $(SHORT_TESTS)

TESTS = $(LONG_TESTS) $(check_PROGRAMS) $(SHORT_TESTS)
TEST_EXTENSIONS = .sh
# A test that waits for what never comes must not hold up the rest.
TEST_SECONDS = 600
TIMED = $(SHELL) '$(srcdir)/tests/lib/timed.sh'
LOG_COMPILER = $(TIMED)
SH_LOG_COMPILER = $(TIMED) $(NICE) timeout -k 10 $(TEST_SECONDS) $(SHELL)
# Most tests wait most of the time, so there may be more jobs than processors. Those that measure how fast something is, or how
# long it takes, do not wait for the others.
TIMED_TESTS = \
	tests/ns/bandwidth.log \
	tests/ns/bandwidth-nat.log \
	tests/ns/boot.log \
	tests/ns/register.log \
	tests/ns/stp.log \
	tests/ns/uplink.log
$(TIMED_TESTS): NICE = nice -n -10
tests/parity/definitions.log: TEST_SECONDS = 1200
tests/fault/sample.log: TEST_SECONDS = 1200
tests/promises/full.log: TEST_SECONDS = 1200
tests/promises/random.log: TEST_SECONDS = 1200
AM_TESTS_ENVIRONMENT = \
	VNETMGR='$(abs_top_builddir)/vnetmgr'; export VNETMGR; \
	VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas'; export VNETMGR_SCHEMAS; \
	srcdir='$(abs_top_srcdir)'; export srcdir; \
	builddir='$(abs_top_builddir)'; export builddir;

# "make distcheck" builds, tests, installs and uninstalls what is in the tar file, out of a directory of its own. All test programs,
# what is installed and what must be true of the sources, and some scripts which use the data of all parts; that all tests pass
# is the matter of "make check". DISTCHECK_TESTS='$(TESTS)' for all.
DISTCHECK_TESTS = $(check_PROGRAMS) $(filter tests/install/% tests/lint/%,$(SCRIPT_TESTS)) tests/fuzz/bombs.sh \
	tests/ns/attach.sh tests/ns/examples.sh tests/ns/json.sh tests/ns/manual.sh tests/ns/modes.sh tests/ns/nat.sh tests/ns/repair.sh \
	tests/ns/sandbox.sh tests/ns/tutorial.sh
DISTCHECK = distcheck
$(DISTCHECK): AM_MAKEFLAGS += TESTS='$(DISTCHECK_TESTS)'

# Replace functions of the program's C library, by LD_PRELOAD.
PRELOADED = \
	tests/fault/oom.so \
	tests/fault/short.so
# Send and hear frames as they are, and packets that no guest's kernel would send.
FRAMES = \
	tests/ns/forge \
	tests/ns/frame
check_DATA = $(PRELOADED) $(FRAMES) tests/fault/hold
CLEANFILES += $(PRELOADED) $(FRAMES) tests/fault/hold
tests/fault/hold: tests/fault/hold.c
	$(AM_V_CC)$(MKDIR_P) tests/fault && $(CC) $(CPPFLAGS) -Wall -Wextra -O1 -o $@ '$(srcdir)/tests/fault/hold.c'
$(FRAMES): $(FRAMES:=.c)
	$(AM_V_CC)$(MKDIR_P) tests/ns && $(CC) $(CPPFLAGS) -Wall -Wextra -O1 -o $@ '$(srcdir)/$@.c'
$(PRELOADED): $(PRELOADED:.so=.c) tests/fault/count.h
	$(AM_V_CC)$(MKDIR_P) tests/fault && $(CC) $(CPPFLAGS) -shared -fPIC -O1 -o $@ '$(srcdir)/$(@:.so=.c)'

# Fuzz targets: with libFuzzer (configure --enable-fuzzer CC=clang), or once over the seeds in "make check".
FUZZ_TARGETS = \
	tests/fuzz/fuzz_cni \
	tests/fuzz/fuzz_frr \
	tests/fuzz/fuzz_policy \
	tests/fuzz/fuzz_journal \
	tests/fuzz/fuzz_leases \
	tests/fuzz/fuzz_network \
	tests/fuzz/fuzz_state \
	tests/fuzz/fuzz_update
if WITH_RPC
FUZZ_TARGETS += tests/fuzz/fuzz_rpc
endif
FUZZ_COMMON = tests/fuzz/fuzz.c tests/fuzz/fuzz.h
FUZZ_SECONDS = 3600
FUZZ_JOBS = 1
if FUZZER
noinst_PROGRAMS = $(FUZZ_TARGETS)
LDFLAGS_FUZZ = $(VNM_LDFLAGS) -fsanitize=fuzzer
FUZZ_REPLAY =
FUZZ_MUTATE = tests/fuzz/mutate.c
FUZZ_MUTATE_RPC = tests/fuzz/mutate_rpc.c
FUZZ_TESTS =
else
LDFLAGS_FUZZ = $(VNM_LDFLAGS)
FUZZ_REPLAY = tests/fuzz/replay.c
FUZZ_MUTATE =
FUZZ_MUTATE_RPC =
FUZZ_TESTS = $(FUZZ_TARGETS)
endif
tests_fuzz_fuzz_cni_SOURCES = tests/fuzz/fuzz_cni.c $(FUZZ_COMMON) $(FUZZ_REPLAY)
tests_fuzz_fuzz_cni_LDADD = libvnm-cni.a $(SYS_LIBS)
tests_fuzz_fuzz_cni_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_frr_SOURCES = tests/fuzz/fuzz_frr.c $(FUZZ_COMMON) $(FUZZ_REPLAY)
tests_fuzz_fuzz_frr_LDADD = $(SYS_LIBS)
tests_fuzz_fuzz_frr_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz_journal.c $(FUZZ_COMMON) $(FUZZ_REPLAY)
tests_fuzz_fuzz_journal_LDADD = $(SYS_LIBS)
tests_fuzz_fuzz_journal_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_leases_SOURCES = tests/fuzz/fuzz_leases.c $(FUZZ_COMMON) $(FUZZ_REPLAY)
tests_fuzz_fuzz_leases_LDADD = $(SYS_LIBS)
tests_fuzz_fuzz_leases_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_network_SOURCES = tests/fuzz/fuzz_network.c $(FUZZ_COMMON) $(FUZZ_MUTATE) $(FUZZ_REPLAY)
tests_fuzz_fuzz_network_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_network_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_policy_SOURCES = tests/fuzz/fuzz_policy.c $(FUZZ_COMMON) $(FUZZ_REPLAY)
tests_fuzz_fuzz_policy_LDADD = libvnm-lend.a $(SYS_LIBS)
tests_fuzz_fuzz_policy_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_rpc_SOURCES = tests/fuzz/fuzz_rpc.c tests/fuzz/rpc_driver.c tests/fuzz/rpc_peer.c tests/fuzz/rpc_stub.h \
	$(FUZZ_COMMON) $(FUZZ_MUTATE_RPC) $(FUZZ_REPLAY)
tests_fuzz_fuzz_rpc_CPPFLAGS = $(AM_CPPFLAGS) $(RPC_CPPFLAGS)
tests_fuzz_fuzz_rpc_LDADD = $(RPC_LIBS)
# What rpc_driver.c and rpc_peer.c define comes before the same of the libraries.
tests_fuzz_fuzz_rpc_LDFLAGS = $(LDFLAGS_FUZZ) -Wl,-z,muldefs
tests_fuzz_fuzz_state_SOURCES = tests/fuzz/fuzz_state.c $(FUZZ_COMMON) $(FUZZ_MUTATE) $(FUZZ_REPLAY)
tests_fuzz_fuzz_state_LDADD = $(SYS_LIBS)
tests_fuzz_fuzz_state_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_update_SOURCES = tests/fuzz/fuzz_update.c $(FUZZ_COMMON) $(FUZZ_MUTATE) $(FUZZ_REPLAY)
tests_fuzz_fuzz_update_LDADD = $(CORE_LIBS)
tests_fuzz_fuzz_update_LDFLAGS = $(LDFLAGS_FUZZ)

# Damaged files through the program: 500 in "make check".
MALFORMED = tests/fuzz/malformed
tests_fuzz_malformed_SOURCES = tests/fuzz/malformed.c
tests_fuzz_malformed_LDADD = libvnm-core.a

if HAVE_CUNIT
check_LIBRARIES = libvnm-runner.a
UNIT_TESTS = $(CORE_TESTS) $(SYS_TESTS) $(CLI_TESTS) $(CNI_TESTS) $(LEND_TESTS)
if WITH_RPC
UNIT_TESTS += $(RPC_TESTS)
endif
check_PROGRAMS = $(UNIT_TESTS) $(FUZZ_TESTS) $(MALFORMED)
libvnm_runner_a_SOURCES = tests/unit/runner.c $(RUNNER_FILES)
LDADD = libvnm-runner.a $(CORE_LIBS) $(CUNIT_LIBS)
SYS_LDADD = libvnm-runner.a $(SYS_LIBS) $(CUNIT_LIBS)
RPC_LDADD = libvnm-runner.a $(RPC_LIBS) $(CUNIT_LIBS)
LEND_LDADD = libvnm-runner.a libvnm-lend.a $(SYS_LIBS) $(CUNIT_LIBS)
CNI_LDADD = libvnm-runner.a libvnm-cni.a $(SYS_LIBS) $(CUNIT_LIBS)
CLI_LDADD = libvnm-runner.a libvnm-cli.a $(SYS_LIBS) $(CUNIT_LIBS)
tests_unit_test_hostile_SOURCES = tests/unit/test_hostile.c $(FUZZ_COMMON)
else
UNIT_TESTS =
check_PROGRAMS = $(FUZZ_TESTS) $(MALFORMED)
check-local:
	@echo 'CUnit was not found by configure: the unit tests were not run (libcunit1-dev)'
endif

# Without scripts: the unit tests; and all test programs, which are the unit tests, the fuzz targets over their seeds, and damaged files.
check-unit: all
	$(MAKE) check TESTS='$(UNIT_TESTS)'
check-programs: all
	$(MAKE) check TESTS='$(check_PROGRAMS)'

# The table of attributes in vnetmgr-network(5), from the tables of the reader.
attribute-table: all
	VNM_GOLDEN_UPDATE=1 $(MAKE) check TESTS=tests/unit/test_attribute_table

# What each test of the last run took by the clock and of processors, the longest first.
slowest:
	@find tests -name '*.time' -exec cat {} + | awk -f '$(srcdir)/tests/lib/slowest.awk' | sort -rn
mostlyclean-local:
	find tests -name '*.time' -exec rm -f {} +

# All random sequences, every amount of room, a thousand process numbers used again. VNM_SEED=N repeats one sequence.
PROMISES_SH = VNETMGR='$(abs_top_builddir)/vnetmgr' VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' \
	srcdir='$(abs_top_srcdir)' $(SHELL)
check-promises: all
	@echo 'about 40 minutes'
	$(PROMISES_SH) '$(srcdir)/tests/promises/powerloss.sh'
	VNM_STEP=1 $(PROMISES_SH) '$(srcdir)/tests/promises/full.sh'
	VNM_ROUNDS=1000 $(PROMISES_SH) '$(srcdir)/tests/ns/pids.sh'
	$(PROMISES_SH) '$(srcdir)/tests/promises/random.sh' $${VNM_SEQUENCES:-500}

# Every fault at every system call of every command. It takes hours; interrupted, it goes on where it was.
FAULT_SH = VNETMGR='$(abs_top_builddir)/vnetmgr' VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' \
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' $(SHELL)
check-fault: all $(PRELOADED) tests/fault/hold
	@echo 'first about 20 minutes; then how long the sweep takes is said when its points are counted'
	VNM_FOREIGN_UPDATES=1300 VNM_FOREIGN_CHURN=125 $(FAULT_SH) '$(srcdir)/tests/fault/foreign.sh'
	VNM_KILLS=1000 $(FAULT_SH) '$(srcdir)/tests/fault/kills.sh'
	VNM_OOM=all $(FAULT_SH) '$(srcdir)/tests/fault/oom.sh'
	$(FAULT_SH) '$(srcdir)/tests/fault/sweep.sh' -j $${VNM_FAULT_WORKERS:-1} -r fault-results.tsv

# Networks that a program of an earlier version has started, taken over by this one. EARLIER: a checkout of that version, built in its
# directory "build".
check-upgrade: all
	@echo 'about 20 seconds'
	VNM_EARLIER='$(EARLIER)' $(FAULT_SH) '$(srcdir)/tests/fault/upgrade.sh'

# All that is to hold with each firewall back end. VNM_PARTS="random kills" for some of it, VNM_FIREWALLS="nftables" with some.
check-firewalls: all $(PRELOADED) $(FRAMES) tests/fault/hold
	@echo 'about 90 minutes with two processors to spare'
	$(FAULT_SH) '$(srcdir)/tests/fault/firewalls.sh' $${VNM_PARTS:-}

# Networks on many hosts, with lists of peers and, where FRR is installed or unpacked, with EVPN. VNM_HOSTS=4 VNM_NETWORKS=6 for fewer,
# VNM_PARTS="kill split" for some of it.
check-hosts: all
	@echo 'about 8 minutes; twice as long beside others'
	$(FAULT_SH) '$(srcdir)/tests/hosts/many.sh' $${VNM_PARTS:-}
	$(FAULT_SH) '$(srcdir)/tests/hosts/evpn.sh' $${VNM_EVPN_PARTS:-} || [ $$? = 77 ]

# Only the figures: 12 hosts that find each other by EVPN beside the same by hand, net-start, what a host, a network and a station cost.
bench-hosts: all
	VNM_ROUNDS=$${RUNS:-5} $(FAULT_SH) '$(srcdir)/tests/hosts/evpn.sh' mesh starts slopes

# Every fault that net-doctor should know, made and mended, with each firewall back end.
check-doctor: all
	@echo 'about 20 minutes; twice as long beside others'
	for backend in legacy iptables-nft nftables; do \
		VNM_DOCTOR=all VNM_FIREWALL=$$backend $(FAULT_SH) '$(srcdir)/tests/ns/doctor.sh' || exit 1; \
	done
	VNM_DOCTOR=all $(FAULT_SH) '$(srcdir)/tests/ns/doctor-hosts.sh'
	VNM_DOCTOR=all $(FAULT_SH) '$(srcdir)/tests/ns/doctor-beside.sh'
	$(FAULT_SH) '$(srcdir)/tests/ns/doctor-healthy.sh'

# The server for clients of libvirt: every command line by virsh, 2000 calls while its processes are killed, more garbage, and clients in
# Go and of Ansible, where these are installed (scripts/deps clients).
check-rpc: all
	@echo 'about 6 minutes'
	VNM_PARITY=rpc $(FAULT_SH) '$(srcdir)/tests/parity/commands.sh'
	VNM_KILLS=$${VNM_KILLS:-2000} $(FAULT_SH) '$(srcdir)/tests/rpc/kills.sh'
	VNM_GARBAGE=20000 $(FAULT_SH) '$(srcdir)/tests/rpc/hostile.sh'
	$(FAULT_SH) '$(srcdir)/tests/rpc/go.sh' || [ $$? = 77 ]
	$(FAULT_SH) '$(srcdir)/tests/rpc/ansible.sh' || [ $$? = 77 ]

# All definitions and command lines of tests/parity with the newest libvirt that Debian has.
check-parity-newest: all
	@echo 'about 10 minutes with two processors to spare, and 100 MB of packages the first time'
	VNETMGR='$(abs_top_builddir)/vnetmgr' VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' bash '$(srcdir)/scripts/parity-newest' $(PARTS)

# libvirt's own tests of networks, of a checkout of libvirt-TCK in TCK.
check-tck: all
	TCK='$(TCK)' $(FAULT_SH) '$(srcdir)/tests/rpc/tck.sh' || [ $$? = 77 ]

# A machine of libvirt's virtqemud, which Debian does not ship; its source package builds it:
#	meson setup DIR --auto-features=disabled -Dsystem=true -Ddriver_{remote,libvirtd,network,qemu}=enabled -Dyajl=enabled -Dlibnl=enabled
# and ninja -C DIR make DIR/src/virtqemud, with the packages meson, libglib2.0-dev, libgnutls28-dev, libyajl-dev, xsltproc and
# python3-docutils beside those of scripts/deps.
check-virtqemud: all
	@[ -n '$(VIRTQEMUD)' ] || echo 'SKIP: no virtqemud: make check-virtqemud VIRTQEMUD=PATH'
	[ -z '$(VIRTQEMUD)' ] || VIRTQEMUD='$(VIRTQEMUD)' VNETMGR='$(abs_top_builddir)/vnetmgr' VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' \
		builddir='$(abs_top_builddir)' bash '$(srcdir)/tests/guests/run.sh' virtqemud

# Eight workers at once, killed at random, and thousands of cycles: memory, descriptors, and what is left over.
check-soak: all
	@echo 'about 45 minutes; VNM_SECONDS and VNM_CYCLES make it shorter'
	VNM_SECONDS=$${VNM_SECONDS:-150} VNM_CYCLES=$${VNM_CYCLES:-5000} \
		$(FAULT_SH) '$(srcdir)/tests/fault/soak.sh'

# On the kernels of three releases of Debian as they are installed, with machines as guests (VNM_SCENARIOS="nat pool" for some of
# it), and through the boots of whole systems, in QEMU. Kernels and images are fetched once, and kept in the build directory.
check-kernels: all $(FRAMES)
	@echo 'about 40 minutes with two processors to spare, and 40 MB of each release to fetch'
	VNETMGR='$(abs_top_builddir)/vnetmgr' builddir='$(abs_top_builddir)' bash '$(srcdir)/tests/kernels/run.sh'
check-guests: all
	@echo 'about 4 minutes, three times that on a busy machine, and 40 MB to fetch; where it was interrupted it goes on'
	VNETMGR='$(abs_top_builddir)/vnetmgr' VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' builddir='$(abs_top_builddir)' \
		bash '$(srcdir)/tests/guests/run.sh' $(VNM_SCENARIOS)
check-boot: all
	@echo 'about 20 minutes with two processors to spare, and 200 MB of each release to fetch'
	builddir='$(abs_top_builddir)' bash '$(srcdir)/tests/boot/run.sh'

# Each target for FUZZ_SECONDS, or all together for a minute of processor time and with the same random numbers each time, since what is
# checked for every change must not depend on luck; what they learnt is kept in the build directory.
fuzz: $(FUZZ_TARGETS)
	VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' sh '$(srcdir)/tests/fuzz/run.sh' '$(srcdir)' \
		$(FUZZ_SECONDS) $(FUZZ_JOBS) $(FUZZ_TARGETS)
fuzz-smoke:
	FUZZ_SEED=1 $(MAKE) fuzz FUZZ_SECONDS=12 FUZZ_JOBS=$$(nproc)

# gcc -fanalyzer, clang-tidy with clang's analyser, and cppcheck: what they find and nobody has looked at is a failure.
analyze:
	CC='$(CC)' bash '$(srcdir)/scripts/analyze' -D_GNU_SOURCE=1 -DVNM_ANALYZE -std=gnu11 $(BASE_CPPFLAGS) -Isrc \
		$(LIBXML_CFLAGS) $(LIBNL_CFLAGS) $(LIBIPTC_CFLAGS) $(SDBUS_CFLAGS) $(UUID_CFLAGS) $(JANSSON_CFLAGS) \
		-I'$(abs_builddir)/src' $(TIRPC_CFLAGS)

# Lines of src/ that the tests run: in a directory configured with --enable-gcov. The exit status is that of gcovr, which
# fails below COVERAGE percent; a test that fails tells so itself.
COVERAGE = 90
coverage: all
	find . -name '*.gcda' -delete
	-$(MAKE) -k check TEST_SECONDS=1800
	src=$$(cd '$(srcdir)' && pwd -P) && \
	gcovr --root "$$src" --filter "$$src/src/" --object-directory . --print-summary \
		--sort-percentage --fail-under-line $(COVERAGE) .

# The unit tests, and a session of the program in a sandbox, under valgrind.
check-valgrind: all
	$(MAKE) check TESTS=
	VNETMGR='$(abs_top_builddir)/vnetmgr' VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' srcdir='$(abs_top_srcdir)' \
		sh '$(srcdir)/scripts/valgrind' $(UNIT_TESTS) $(FUZZ_TESTS)

# Built and tested in chroots of several systems, with gcc, clang and musl, among other programs and hardly any; as root, and
# resumable. VNM_SYSTEM_NAMES="sid musl" for some of them.
check-systems:
	bash '$(srcdir)/scripts/systems' $(VNM_SYSTEM_NAMES)

# Debian packages, built twice and looked at by lintian in chroots of three releases, and their lives from installation to purge.
check-packages:
	bash '$(srcdir)/scripts/packages' $(VNM_PACKAGES)

# From bare systems to a network with a guest and back, by these packages: the table of docs/packages.md.
check-clean-install:
	bash '$(srcdir)/scripts/clean-install'

# What the files for RPM, Alpine and Arch make, beside the Debian packages of the same sources: which files there are. DEBS: a directory
# with these packages; without, they are made. CHECK=yes runs the tests that they have beside.
check-package-files:
	[ -n '$(DEBS)' ] || $(MAKE) deb
	$(MAKE) -s dist-gzip
	CHECK='$(CHECK)' bash '$(srcdir)/packaging/check-files' '$(distdir).tar.gz' '$(or $(DEBS),deb)' package-files
	rm -f '$(distdir).tar.gz'

# 10 000 damaged files, each through the program.
check-malformed: all $(MALFORMED)
	VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' $(MALFORMED) '$(abs_top_builddir)/vnetmgr' 10000

# Against libvirt and the bare operations; needs root.
bench: all
	VNETMGR='$(abs_top_builddir)/vnetmgr' VNETMGR_SCHEMAS='$(abs_top_srcdir)/schemas' \
		bash '$(srcdir)/scripts/bench/run.sh'

# The cost of one more network beside up to 1000.
bench-scale:
	$(MAKE) bench ONLY=scale RUNS=$${RUNS:-5} SIZES="$${SIZES:-0 100 500 1000}" \
		MODES="$${MODES:-open nat/legacy nat/iptables-nft nat/nftables}"

.PHONY: analyze attribute-table bench bench-hosts bench-scale check-boot check-clean-install check-doctor check-fault check-firewalls check-guests check-hosts check-kernels \
	check-malformed check-package-files check-packages check-parity-newest check-programs check-promises check-rpc check-soak check-systems check-tck check-unit \
	check-upgrade check-valgrind check-virtqemud coverage fuzz fuzz-smoke slowest
