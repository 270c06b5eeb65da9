# SPDX-License-Identifier: GPL-2.0-or-later
# vnm_flags.m4 - which warning and hardening flags this compiler and linker know.
# The user's CFLAGS, CPPFLAGS and LDFLAGS are used in the questions and never changed.

# VNM_CHECK_CFLAGS(VARIABLE, FLAGS): adds each flag that the compiler takes without a word to VARIABLE.
# -Werror in the question, because clang only warns about flags that it does not know.
AC_DEFUN([VNM_CHECK_CFLAGS], [
for vnm_flag in m4_normalize([$2]); do
	AC_MSG_CHECKING([whether $CC takes $vnm_flag])
	vnm_saved=$CFLAGS
	CFLAGS="$CFLAGS -Werror $vnm_flag"
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[]], [[]])],
		[AC_MSG_RESULT([yes]); $1="$$1 $vnm_flag"], [AC_MSG_RESULT([no])])
	CFLAGS=$vnm_saved
done])

# VNM_CHECK_LDFLAGS(VARIABLE, FLAGS): the same for the linker; position-independent code comes from VNM_CFLAGS.
AC_DEFUN([VNM_CHECK_LDFLAGS], [
for vnm_flag in m4_normalize([$2]); do
	AC_MSG_CHECKING([whether the linker takes $vnm_flag])
	vnm_saved=$CFLAGS vnm_saved_ld=$LDFLAGS
	CFLAGS="$CFLAGS $VNM_CFLAGS" LDFLAGS="$LDFLAGS $vnm_flag"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[]], [[]])],
		[AC_MSG_RESULT([yes]); $1="$$1 $vnm_flag"], [AC_MSG_RESULT([no])])
	CFLAGS=$vnm_saved LDFLAGS=$vnm_saved_ld
done])

# VNM_CHECK_FORTIFY(VARIABLE): _FORTIFY_SOURCE does nothing but warn without optimisation, and is left alone
# when the compiler or the user has set it already.
AC_DEFUN([VNM_CHECK_FORTIFY], [
AC_MSG_CHECKING([whether to set _FORTIFY_SOURCE])
AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined __OPTIMIZE__ || defined _FORTIFY_SOURCE
#error no
#endif
]])], [AC_MSG_RESULT([yes]); $1="$$1 -D_FORTIFY_SOURCE=2"], [AC_MSG_RESULT([no])])])
