/* SPDX-License-Identifier: MIT */
/*
 * Method: what a node's disk will hold follows from what its writes ask for, one after the other,
 * and from nothing else; which entries first..last are is looked up in the log in memory as the
 * write is issued. A write that keeps to the contract continues the log asked for so far, and then
 * two numbers say so: where that log ends, and its last entry. One that does not is told by a
 * record, and the disk does just what it was told, as a disk keyed by index: the cut first, then
 * each entry to its place; what was not cut stays, and what nobody wrote is a hole.
 */
#include "host.h"

struct finding { enum breach rule; uint64_t a, b, c; };

static uint64_t votes(uint8_t asked, uint8_t has) { return asked | (uint64_t)has << 8; }

/* Of what is to be appended, where the log asked for so far ends at `kept` once it is cut. */
static struct finding judge_append(const struct world *w, const struct replica *rep,
                                   const struct sut_write *write, uint32_t asked, uint64_t kept)
{
    const uint64_t first = write->first, last = write->last, end = store_index(w, rep->head);
    if (first > last)
        return (struct finding){0};
    if (last > end)
        return (struct finding){BREACH_WRITE_BEYOND, last, end, 0};
    if (first > kept + 1)
        return (struct finding){BREACH_WRITE_HOLE, first, last, kept};
    if (first <= kept)
        return (struct finding){BREACH_WRITE_OVERLAP, first, last, kept};
    if (store_at(w, rep->head, kept) != store_at(w, asked, kept))
        return (struct finding){BREACH_WRITE_AFTER, first, 0, 0};
    return (struct finding){0};
}

static struct finding judge(const struct world *w, const struct replica *rep,
                            const struct sut_write *write, const struct image *asked,
                            uint64_t latest)
{
    const uint64_t end = store_index(w, asked->head), cut = write->cut_from;
    if (write->wid != latest + 1)
        return (struct finding){BREACH_WRITE_NUMBER, write->wid, latest, 0};
    if (write->term != rep->term || write->vote != rep->vote)
        return (struct finding){BREACH_WRITE_TERM, write->term, rep->term,
                                votes(write->vote, rep->vote)};
    if (cut > end)
        return (struct finding){BREACH_WRITE_CUT, cut, end, 0};
    if (!cut && write->first > write->last && write->term == asked->term &&
        write->vote == asked->vote)
        return (struct finding){BREACH_WRITE_NOTHING, write->wid, 0, 0};
    return judge_append(w, rep, write, asked->head, cut ? cut - 1 : end);
}

/* The log that a disk has which was told this, whatever it had before. */
static uint32_t told(struct world *w, const struct replica *rep, const struct sut_write *write,
                     uint32_t head)
{
    const uint64_t first = write->first ? write->first : 1, end = store_index(w, rep->head),
        last = write->last < end ? write->last : end;
    if (write->cut_from && write->cut_from <= store_index(w, head))
        head = store_at(w, head, write->cut_from - 1);
    return first <= last ? store_put(w, head, rep->head, first, last) : head;
}

void host_write(struct world *w, const struct replica *rep, const struct sut_write *write)
{
    uint64_t latest;
    const struct image asked = *storage_asked(w, rep, &latest);
    const struct finding f = judge(w, rep, write, &asked, latest);
    uint32_t head = asked.head;
    if (f.rule)
        head = told(w, rep, write, head);
    else if (write->first <= write->last)
        head = store_at(w, rep->head, write->last);
    else if (write->cut_from)
        head = store_at(w, head, write->cut_from - 1);
    storage_write(w, rep, write, head);
    if (f.rule)
        host_breach(w, rep, f.rule, 0, f.a, f.b, f.c);
}
