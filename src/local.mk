# SPDX-License-Identifier: GPL-2.0-or-later
# What is built of src/.

BASE_CPPFLAGS = -I$(top_srcdir)/src $(VNM_CPPFLAGS) \
	-DVNM_VERSION='"$(PACKAGE_VERSION)"' \
	-DVNM_SYSCONFDIR='"$(sysconfdir)"' \
	-DVNM_RUNDIR='"$(rundir)"' \
	-DVNM_LOCALSTATEDIR='"$(localstatedir)"' \
	-DVNM_SCHEMADIR='"$(schemadir)"'
# What has no flags of its own is a test.
AM_CPPFLAGS = $(BASE_CPPFLAGS) -I$(top_srcdir)/tests/unit -DVNM_TEST_SRCDIR='"$(abs_top_srcdir)"' \
	$(CUNIT_CFLAGS) $(LIBXML_CFLAGS) $(LIBNL_CFLAGS) $(LIBIPTC_CFLAGS) $(JANSSON_CFLAGS)
AM_CFLAGS = $(VNM_CFLAGS)
AM_LDFLAGS = $(VNM_LDFLAGS)

# ---- The program, in three archives. The core links libc and libxml2 and nothing else; its tests link only it.

noinst_LIBRARIES = libvnm-core.a libvnm-sys.a libvnm-cli.a
bin_PROGRAMS = vnetmgr
pkglibexec_PROGRAMS =

libvnm_core_a_CPPFLAGS = $(BASE_CPPFLAGS) $(LIBXML_CFLAGS)
libvnm_core_a_SOURCES = $(CORE_FILES)
libvnm_sys_a_CPPFLAGS = $(BASE_CPPFLAGS) $(JANSSON_CFLAGS) $(SDBUS_CFLAGS) $(LIBNL_CFLAGS) $(LIBIPTC_CFLAGS) $(UUID_CFLAGS) $(LIBXML_CFLAGS)
libvnm_sys_a_SOURCES = $(SYS_FILES)
libvnm_cli_a_CPPFLAGS = $(BASE_CPPFLAGS) $(JANSSON_CFLAGS) $(LIBXML_CFLAGS) $(LIBNL_CFLAGS)
libvnm_cli_a_SOURCES = $(CLI_FILES)

# What the flags above say of the version and the directories ends up in these.
src/cli/libvnm_cli_a-cmd_help.$(OBJEXT) src/state/libvnm_sys_a-journal.$(OBJEXT) src/driver/libvnm_sys_a-define.$(OBJEXT) \
	src/state/libvnm_sys_a-paths.$(OBJEXT): Makefile

vnetmgr_CPPFLAGS = $(BASE_CPPFLAGS)
vnetmgr_SOURCES = src/main.c
CORE_LIBS = libvnm-core.a $(LIBXML_LIBS)
SYS_LIBS = libvnm-sys.a libvnm-core.a $(LIBNL_LIBS) $(LIBIPTC_LIBS) $(SDBUS_LIBS) $(UUID_LIBS) $(LIBXML_LIBS) $(JANSSON_LIBS)
vnetmgr_LDADD = libvnm-cli.a $(SYS_LIBS)

# ---- The server for clients of libvirt, the only one that links libtirpc. Headers of libtirpc are <rpc/...>, so none of src/rpc may
# be called like one of them: rpc.h, types.h, xdr.h, auth.h, svc.h, clnt.h.

RPC_CPPFLAGS = -Isrc $(TIRPC_CFLAGS)
RPC_LIBS = libvnm-rpc.a $(SYS_LIBS) $(TIRPC_LIBS)
RPC_MADE = src/rpc/protocol.h src/rpc/protocol.c
if WITH_RPC
noinst_LIBRARIES += libvnm-rpc.a
pkglibexec_PROGRAMS += vnetmgr-rpc
BUILT_SOURCES = src/rpc/protocol.h
endif
libvnm_rpc_a_CPPFLAGS = $(BASE_CPPFLAGS) $(RPC_CPPFLAGS) $(SDBUS_CFLAGS) $(LIBXML_CFLAGS) $(LIBNL_CFLAGS)
libvnm_rpc_a_SOURCES = $(RPC_FILES)
nodist_libvnm_rpc_a_SOURCES = $(RPC_MADE)
vnetmgr_rpc_CPPFLAGS = $(libvnm_rpc_a_CPPFLAGS)
vnetmgr_rpc_SOURCES = src/rpc/main.c
vnetmgr_rpc_LDADD = $(RPC_LIBS)
src/rpc/vnetmgr_rpc-main.$(OBJEXT): Makefile
$(libvnm_rpc_a_OBJECTS) $(vnetmgr_rpc_OBJECTS): src/rpc/protocol.h

# rpcgen never overwrites anything, and what it makes includes the header by the name of its input.
EXTRA_DIST += src/rpc/protocol.x
CLEANFILES += $(RPC_MADE)
src/rpc/protocol.h: src/rpc/protocol.x
	$(AM_V_GEN)$(MKDIR_P) src/rpc && rm -f $@ && cd '$(srcdir)/src/rpc' && $(RPCGEN) -h -o '$(abs_builddir)/$@' protocol.x
src/rpc/protocol.c: src/rpc/protocol.x
	$(AM_V_GEN)$(MKDIR_P) src/rpc && rm -f $@ && cd '$(srcdir)/src/rpc' && $(RPCGEN) -c -o '$(abs_builddir)/$@' protocol.x

# ---- The CNI plugin: a program of its own, where container runtimes look for it. Its parts but main() are an archive for the tests.

noinst_LIBRARIES += libvnm-cni.a
cni_PROGRAMS = vnetmgr-cni
libvnm_cni_a_CPPFLAGS = $(BASE_CPPFLAGS) $(JANSSON_CFLAGS) $(LIBXML_CFLAGS) $(LIBNL_CFLAGS)
libvnm_cni_a_SOURCES = $(CNI_FILES)
vnetmgr_cni_CPPFLAGS = $(libvnm_cni_a_CPPFLAGS)
vnetmgr_cni_SOURCES = src/cni/main.c
vnetmgr_cni_LDADD = libvnm-cni.a $(SYS_LIBS)
src/cni/vnetmgr_cni-main.$(OBJEXT): Makefile

# ---- The bridge helper, which the virtual machines of ordinary users are started with: setuid root where it is installed, by
# whoever installs it.

noinst_LIBRARIES += libvnm-lend.a
pkglibexec_PROGRAMS += vnetmgr-bridge-helper
libvnm_lend_a_CPPFLAGS = $(BASE_CPPFLAGS) $(LIBXML_CFLAGS) $(LIBNL_CFLAGS)
libvnm_lend_a_SOURCES = $(LEND_FILES)
vnetmgr_bridge_helper_CPPFLAGS = $(libvnm_lend_a_CPPFLAGS)
vnetmgr_bridge_helper_SOURCES = src/lend/main.c
vnetmgr_bridge_helper_LDADD = libvnm-lend.a $(SYS_LIBS)
src/lend/vnetmgr_bridge_helper-main.$(OBJEXT): Makefile
