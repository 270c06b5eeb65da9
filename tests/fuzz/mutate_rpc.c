/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mutate_rpc.c - changes to a client's messages that leave them messages, since after a wrong length nothing more is read.
 *
 * A message is repeated, goes, gets another procedure's number, or its header or payload is changed by libFuzzer and its length
 * follows. Every fourth change is libFuzzer's own, of all bytes.
 */
#include "fuzz.h"

#include <arpa/inet.h>
#include <string.h>

#include "rpc/frame.h"
#include "rpc/procedures.h"
#include "util/mem.h"

#define WORD sizeof(uint32_t)
#define MESSAGES_MAX 256
#define PROCEDURE_AT 12

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 12;
}

static void put_word(uint8_t *at, uint32_t word)
{
	word = htonl(word);
	memcpy(at, &word, WORD);
}

/* Where one of the whole messages begins, and its length. Return: whether there is one. */
static bool pick(const uint8_t *data, size_t size, unsigned *seed, size_t *ret_at, size_t *ret_len)
{
	size_t at[MESSAGES_MAX], n = 0, next = 0, len;

	while (n < MESSAGES_MAX && vnm_rpc_frame_length(data + next, size - next, &len) == 0 &&
	       len > 0 && len <= size - next) {
		at[n++] = next;
		next += len;
	}
	if (n == 0)
		return false;
	*ret_at = at[next_random(seed) % n];
	return vnm_rpc_frame_length(data + *ret_at, size - *ret_at, ret_len) == 0;
}

/* What is behind @at takes @len bytes instead of @old. Return: the new size. */
static size_t resize(uint8_t *data, size_t size, size_t at, size_t old, size_t len)
{
	memmove(data + at + len, data + at + old, size - at - old);
	return size - old + len;
}

/* What follows the length of the message at @at. Return: the new size. */
static size_t change_message(uint8_t *data, size_t size, size_t max, size_t at, size_t len,
			     bool header)
{
	size_t head = header ? WORD : VNM_RPC_FRAME_HEAD, old = len - head;
	size_t room = max - size > sizeof(uint8_t[512]) ? 512 : max - size;
	vnm_autofree uint8_t *changed = vnm_alloc(old + room + 1);
	size_t now;

	memcpy(changed, data + at + head, old);
	now = LLVMFuzzerMutate(changed, old, old + room);
	if (now + head < VNM_RPC_FRAME_HEAD)
		return size;
	size = resize(data, size, at + head, old, now);
	memcpy(data + at + head, changed, now);
	put_word(data + at, (uint32_t)(head + now));
	return size;
}

static void change_procedure(uint8_t *message, unsigned *seed)
{
	int number;

	do
		number = (int)(next_random(seed) % 500);
	while (!vnm_rpc_procedure_find(number));
	put_word(message + PROCEDURE_AT, (uint32_t)number);
}

static size_t repeat(uint8_t *data, size_t size, size_t max, size_t from, size_t len, size_t to)
{
	vnm_autofree uint8_t *copy = vnm_alloc(len);

	if (size + len > max)
		return size;
	memcpy(copy, data + from, len);
	size = resize(data, size, to, 0, len);
	memcpy(data + to, copy, len);
	return size;
}

/** LLVMFuzzerCustomMutator() - libFuzzer's hook. Return: the new size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	size_t at, len, to, ignored;

	if (next_random(&seed) % 4 == 0 || !pick(data, size, &seed, &at, &len) ||
	    !pick(data, size, &seed, &to, &ignored))
		return LLVMFuzzerMutate(data, size, max);
	switch (next_random(&seed) % 8) {
	case 0: return repeat(data, size, max, at, len, to);
	case 1: return size > len ? resize(data, size, at, len, 0) : size;
	case 2: change_procedure(data + at, &seed); return size;
	case 3: return change_message(data, size, max, at, len, true);
	default: return change_message(data, size, max, at, len, false);
	}
}
