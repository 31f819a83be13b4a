package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivarium.core.tree.Acl;
import vivarium.core.tree.AclRules;
import vivarium.core.tree.AclSchemes;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;

/** Who may, and which lists can be. */
final class AclRulesTest {
    private static final AclRules OWN = new AclRules(AclSchemes.NONE);
    private static final Identity ME = new Identity("digest", "me:hash");
    private static final Identity HOST = new Identity("ip", "10.1.2.3");

    private static @Nullable List<Acl> resolve(Acl entry) {
        return OWN.resolve(List.of(entry), List.of(HOST, ME));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.4, 10.1.2.3, false",
        "10.1.0.0/16, 10.1.2.3, true",
        "10.1.0.0/24, 10.1.2.3, false",
        "0.0.0.0/0, 10.1.2.3, true",
        "10.1.2.2/31, 10.1.2.3, true",
        "2001:db8::/32, 2001:db8:0:1::5, true",
        "2001:db8::/32, 2001:db9::5, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::/0, 10.1.2.3, false",
        "192.168.255.1/32, 192.168.255.1, true",
        "192.168.255.1/32, 192.168.255.0, false",
        "2001::/8, 3001::1, false",
        "2001::/16, 2101::1, false",
        "1234::/16, 1334::1, false",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0, true",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8, true",
    })
    @Shows(Fact.ADDRESSES_MATCH_BY_THEIR_LEADING_BITS)
    void anAddressIsInARangeByItsLeadingBits(String range, String address, boolean in) {
        List<Acl> acl = List.of(new Acl(Acl.READ, "ip", range));
        Identity who = new Identity("ip", address);
        assertEquals(in, OWN.permits(acl, Path.of("/a"), Acl.READ, List.of(who)));
        assertEquals(acl, resolve(acl.getFirst()));
    }

    @ParameterizedTest
    @CsvSource({
        "ip, 10.1.2",
        "ip, 10.1.2.256",
        "ip, 10.1.2.3/33",
        "ip, 10.1.2.3/-1",
        "ip, ::1::2",
        "ip, 1:2:3",
        "ip, 1:2:3:4:5:6:7:8:9",
        "ip, host",
        "ip, ::12345",
        "digest, nobody",
        "ip, 1::g",
        "ip, 1:2:3:4:5::6:7:8",
        "ip, 1:2:3:4::5:6:7:8:9",
        "ip, 1234.1.1.1",
        "digest, a:b:c",
        "digest, a:",
        "world, everyone",
        "unknown, x",
        "super, admin",
    })
    void whatNamesNobodyIsNoAccessList(String scheme, String id) {
        assertNull(resolve(new Acl(Acl.ALL, scheme, id)));
    }

    @Test
    void authStandsForWhatTheClientHasProvenButNotForItsAddress() {
        assertEquals(
                List.of(new Acl(Acl.ALL, "digest", "me:hash")),
                resolve(new Acl(Acl.ALL, "auth", "")));
        assertNull(OWN.resolve(List.of(new Acl(Acl.ALL, "auth", "")), List.of(HOST)));
    }

    @Test
    void anEntryGivenTwiceIsKeptOnce() {
        Acl entry = new Acl(Acl.READ, "digest", "a:b");
        assertEquals(List.of(entry), OWN.resolve(List.of(entry, entry), List.of()));
    }

    @Test
    void noListAndAnEmptyListAreRefused() {
        assertNull(OWN.resolve(null, List.of(ME)));
        assertNull(OWN.resolve(List.of(), List.of(ME)));
    }

    @Test
    void anEmptyListStopsNobodyAndAnEmptyNameIsAName() {
        assertEquals(true, OWN.permits(List.of(), Path.of("/a"), Acl.READ, List.<Identity>of()));
        Acl nameless = new Acl(Acl.READ, "digest", ":hash");
        assertEquals(List.of(nameless), resolve(nameless));
    }

    @Test
    void nothingStopsASuperUser() {
        List<Acl> acl = List.of(new Acl(Acl.READ, "digest", "other:hash"));
        Identity admin = new Identity("super", "");
        assertEquals(true, OWN.permits(acl, Path.of("/a"), Acl.DELETE, List.of(admin)));
        assertEquals(false, OWN.permits(acl, Path.of("/a"), Acl.READ, List.of(ME)));
    }
}
