# SPDX-License-Identifier: GPL-2.0-or-later
# vnm_dirs.m4 - directories of other programs that files are installed into.

# VNM_DIR(NAME, DIRECTORY, DESCRIPTION): --with-NAME=DIR, "no" for none, by default DIRECTORY below PREFIX; with the prefix /usr, what
# systemd says to pkg-config. Sets NAME and the conditional INSTALL_NAME.
AC_DEFUN([VNM_DIR], [
AC_ARG_WITH([$1],
	[AS_HELP_STRING([--with-$1=DIR], [directory for $3, "no" for none @<:@PREFIX/$2@:>@])],
	[], [with_$1=yes])
AS_IF([test "x$with_$1" = xyes],
	[with_$1='${prefix}/$2'
	 AS_IF([test "x$prefix" = x/usr],
		[vnm_dir=`$PKG_CONFIG --variable=$1 systemd 2>/dev/null`
		 test -z "$vnm_dir" || with_$1=$vnm_dir])])
AC_SUBST([$1], [$with_$1])
AM_CONDITIONAL([INSTALL_]m4_toupper([$1]), [test "x$with_$1" != xno])
])
