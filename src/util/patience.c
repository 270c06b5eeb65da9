/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patience.c - how long to wait for others on a busy machine.
 *
 * Who is asked has to be given a processor before it can answer. Where several processes want each of them, an answer takes longer in
 * that proportion, and silence means something only after that.
 */
#include "util/patience.h"

#include <stdio.h>
#include <unistd.h>

#include "util/file.h"

#define LINE_MAX_SIZE 128

/**
 * vnm_patience_for() - how long what takes @ms milliseconds at most on an idle machine may take
 * @ms:         the milliseconds
 * @loadavg:    of /proc/loadavg: the average of the last minute counts, and how many want to run now
 * @processors: how many there are
 *
 * Return: milliseconds: @ms to eight times as many.
 */
int vnm_patience_for(int ms, const char *loadavg, unsigned processors)
{
	double average = 0;
	unsigned now = 0;
	double each;

	if (sscanf(loadavg, "%lf %*f %*f %u", &average, &now) < 1 || processors == 0)
		return ms;
	each = (now > average ? now : average) / processors;
	if (each < 1)
		return ms;
	return (int)(ms * (each > VNM_PATIENCE_MOST ? VNM_PATIENCE_MOST : each));
}

/** vnm_patience_ms() - the same on this machine, now; as on an idle one, if that is not known */
int vnm_patience_ms(int ms)
{
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	char line[LINE_MAX_SIZE];

	if (vnm_proc_read("/proc/loadavg", line, sizeof(line)) < 0 || processors < 1)
		return ms;
	return vnm_patience_for(ms, line, (unsigned)processors);
}
