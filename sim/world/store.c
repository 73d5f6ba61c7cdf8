/* SPDX-License-Identifier: MIT */
/*
 * Method: see store.h. Far ancestors are found by jump pointers (Myers, "An applicative random-access stack", 1983): an entry skips to
 * where its parent's skip skips to if the two jumps before it are of one length, else to its parent. Any ancestor is then at most about
 * 2 log2(index) steps away, each entry needs one pointer, and making it looks at three entries.
 */
#include "store.h"

#include <assert.h>

#include "world.h"

void store_init(struct world *w)
{
    vec_init(&w->store.entries, sizeof(struct entry), 6);
    vec_push(&w->arena, &w->store.entries, STORE_BLOCK);   /* id 0 and its block stay unused */
}

static uint32_t next_id(struct world *w, uint8_t creator)
{
    assert(creator <= NODES_MAX);
    if (w->store.block[creator].next == w->store.block[creator].end) {
        w->store.block[creator].next = vec_push(&w->arena, &w->store.entries, STORE_BLOCK);
        w->store.block[creator].end = w->store.block[creator].next + STORE_BLOCK;
    }
    return w->store.block[creator].next++;
}

static uint32_t skip_from(const struct world *w, uint32_t parent)
{
    if (!parent)
        return 0;
    const struct entry *p = store_entry(w, parent);
    if (!p->skip)
        return parent;
    const struct entry *far = store_entry(w, p->skip);
    return p->index - far->index == far->index - store_index(w, far->skip) ? far->skip : parent;
}

uint32_t store_create(struct world *w, uint8_t creator, uint16_t group, uint32_t parent, uint64_t term, uint8_t kind,
                      uint32_t size, const struct command *cmd)
{
    uint32_t id = next_id(w, creator);
    struct entry *e = vec_at(&w->arena, &w->store.entries, id);
    const struct entry *before = parent ? store_entry(w, parent) : NULL;
    *e = (struct entry){.term = term, .index = before ? before->index + 1 : 1, .parent = parent, .skip = skip_from(w, parent),
                        .kind = kind, .creator = creator, .group = group};
    e->run = before && parent + 1 == id ? before->run : id;
    if (cmd)
        e->cmd = *cmd;
    e->cmd.size = size;
    return id;
}

uint32_t store_far(const struct world *w, uint32_t head, uint64_t index)
{
    if (index == 0)
        return 0;
    while (head) {
        const struct entry *e = store_entry(w, head);
        if (index >= e->index)
            return index == e->index ? head : 0;
        uint64_t back = e->index - index;
        if (back <= head - e->run)
            return head - (uint32_t)back;
        head = e->skip && store_entry(w, e->skip)->index >= index ? e->skip : e->parent;
    }
    return 0;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
    return h ^ (h >> 35);
}

uint64_t store_content(const struct entry *e)
{
    uint64_t h = mix(e->term * UINT64_C(0x9e3779b97f4a7c15), e->index);
    h = mix(h, (uint64_t)e->cmd.size << 32 | (uint64_t)e->kind << 24 | (uint64_t)e->creator << 16 | e->group);
    h = mix(h, (uint64_t)e->cmd.verb << 56 | (uint64_t)e->cmd.client << 48 | (uint64_t)e->cmd.key << 32 | e->cmd.seq);
    h = mix(h, e->cmd.a);
    return mix(h, e->cmd.b);
}
