package vivarium.core.tree;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vivarium.core.SnapshotHead;

/**
 * Every access list that a znode has, once. A znode with the open list, under which anyone may do
 * anything, refers to no entry at all.
 */
final class AclTable {
    /** Anyone may do anything. */
    static final List<Acl> OPEN = List.of(new Acl(Acl.ALL, "world", "anyone"));

    private final Map<List<Acl>, Entry> entries = new LinkedHashMap<>();
    private long lastId;

    /** The entry for {@code acl}, with one more user; null for the open list. */
    @Nullable Entry use(List<Acl> acl) {
        if (acl.equals(OPEN)) {
            return null;
        }
        Entry entry = entries.get(acl);
        if (entry == null) {
            entry = new Entry(++lastId, List.copyOf(acl));
            entries.put(entry.acl, entry);
        }
        entry.users++;
        return entry;
    }

    /** One user less. */
    void release(@Nullable Entry entry) {
        if (entry != null && --entry.users == 0) {
            entries.remove(entry.acl);
        }
    }

    /** All lists in use, for a snapshot. */
    List<SnapshotHead.AclEntry> all() {
        List<SnapshotHead.AclEntry> all = new ArrayList<>(entries.size());
        for (Entry entry : entries.values()) {
            all.add(new SnapshotHead.AclEntry(entry.id, entry.acl));
        }
        return all;
    }

    /** One access list and how many znodes have it. */
    static final class Entry {
        final long id;
        final List<Acl> acl;
        private long users;

        private Entry(long id, List<Acl> acl) {
            this.id = id;
            this.acl = acl;
        }
    }
}
