package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteIn;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.raw.StatFields;
import vivarium.properties.servers.RunningServer;

/** Names, versions, data, Stat, and which error comes first. */
class ZnodesTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    private String path;
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        path = server.freshPath();
        client = server.closing(RawClient.newSession(server.port()));
    }

    @Test
    @Shows(Fact.NUMBERS_GO_ON_BEHIND_DELETES)
    void aNumberIsNotUsedAgainAfterADelete() throws IOException {
        assertEquals(path + "/q0000000000", create("/q", Op.PERSISTENT_SEQUENTIAL));
        assertEquals(path + "/q0000000001", create("/q", Op.EPHEMERAL_SEQUENTIAL));
        assertEquals(ErrorCode.OK, call(Op.DELETE, Requests.delete(path + "/q0000000001", -1)));
        assertEquals(path + "/q0000000002", create("/q", Op.PERSISTENT_SEQUENTIAL));
        assertEquals(path + "/0000000003", create("/", Op.PERSISTENT_SEQUENTIAL));
    }

    @Test
    @Shows(Fact.CVERSION_COUNTS_CREATES_AND_DELETES)
    void cversionCountsCreationsAndDeletions() throws IOException {
        create("/a", 0);
        create("/b", 0);
        create("/c", 0);
        call(Op.DELETE, Requests.delete(path + "/b", -1));

        StatFields stat = stat(path);
        assertEquals(4, stat.cversion());
        assertEquals(2, stat.numChildren());
        assertEquals(0, stat.version());
    }

    @Test
    void pzxidIsTheZxidOfTheLastCreationOrDeletionOfAChild() throws IOException {
        assertEquals(stat(path).czxid(), stat(path).pzxid());
        create("/a", 0);
        assertEquals(stat(path + "/a").czxid(), stat(path).pzxid());
        Frame deleted = client.call(Op.DELETE, Requests.delete(path + "/a", -1));
        assertEquals(deleted.zxid(), stat(path).pzxid());
        assertEquals(stat(path).czxid(), stat(path).mzxid());
    }

    @Test
    void setDataTouchesVersionAndMzxidAndSetAclTouchesAversionOnly() throws IOException {
        StatFields born = stat(path);
        Frame set = client.call(Op.SET_DATA, Requests.setData(path, new byte[3], 0));
        StatFields written = set.in().stat();
        assertEquals(set.zxid(), written.mzxid());
        assertEquals(1, written.version());
        assertEquals(3, written.dataLength());
        assertEquals(born.czxid(), written.czxid());
        assertEquals(born.ctime(), written.ctime());

        Frame acl = client.call(Op.SET_ACL, Requests.setAcl(path, AclEntry.OPEN, 0));
        StatFields changed = acl.in().stat();
        assertEquals(1, changed.aversion());
        assertEquals(written.mzxid(), changed.mzxid());
        assertEquals(written.mtime(), changed.mtime());
        assertEquals(1, changed.version());
    }

    @Test
    @Shows(Fact.NO_DATA_IS_NOT_EMPTY_DATA)
    void noDataAndEmptyDataAreNotTheSame() throws IOException {
        client.call(Op.CREATE, Requests.create(path + "/null", null, AclEntry.OPEN, 0));
        client.call(Op.CREATE, Requests.create(path + "/empty", new byte[0], AclEntry.OPEN, 0));

        JuteIn none = client.call(Op.GET_DATA, Requests.read(path + "/null", false)).in();
        assertNull(none.buffer());
        assertEquals(0, none.stat().dataLength());
        JuteIn empty = client.call(Op.GET_DATA, Requests.read(path + "/empty", false)).in();
        assertArrayEquals(new byte[0], empty.buffer());
        assertEquals(0, empty.stat().dataLength());
    }

    @Test
    @Shows(Fact.A_REFUSED_WRITE_HAS_A_ZXID)
    void aFailedWriteHasAZxidOfItsOwnAndAFailedReadHasNot() throws IOException {
        long zxid = client.ping().zxid();
        assertEquals(zxid + 1, client.call(Op.DELETE, Requests.delete(path + "/no", -1)).zxid());
        assertEquals(zxid + 1, client.call(Op.GET_DATA, Requests.read("/no", false)).zxid());
    }

    @ParameterizedTest
    @CsvSource({
        "9, -8", "-1, -8", // no such mode
        "5, -6", "6, -6", // time to live, by the plain opcode and switched off
    })
    @Shows(Fact.MODES_THAT_CANNOT_BE)
    void aModeThatCannotBeIsRefused(int flags, int error) throws IOException {
        Frame reply = client.call(Op.CREATE, Requests.create(path + "/x", flags));
        assertEquals(error, reply.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x/", "/x//y"})
    @Shows(Fact.THE_PARENT_COMES_BEFORE_THE_WHOLE_PATH)
    void theParentIsLookedForBeforeTheWholePathIsJudged(String bad) throws IOException {
        Frame reply = client.call(Op.CREATE, Requests.create(path + bad, 0));
        assertEquals(ErrorCode.NO_NODE, reply.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.", "/..", "/a\u0001", "/\u009f", "/\uf8ff", "/\ufff0"})
    @Shows(Fact.PATHS_THAT_CANNOT_BE)
    void aNameThatCannotBeIsRefused(String bad) throws IOException {
        Frame reply = client.call(Op.CREATE, Requests.create(path + bad, 0));
        assertEquals(ErrorCode.BAD_ARGUMENTS, reply.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "", "/q\u0000"})
    @Shows(Fact.PATHS_THAT_CANNOT_BE)
    void aPathWithoutASlashOrWithANulIsRefusedAtOnce(String bad) throws IOException {
        Frame reply = client.call(Op.CREATE, Requests.create(bad, 0));
        assertEquals(ErrorCode.BAD_ARGUMENTS, reply.err());
    }

    @Test
    @Shows(Fact.AN_EMPTY_ACCESS_LIST_IS_INVALID)
    void anEmptyAclIsRefused() throws IOException {
        JuteOut body = Requests.create(path + "/x", new byte[0], List.of(), 0);
        assertEquals(ErrorCode.INVALID_ACL, call(Op.CREATE, body));
        body = Requests.create(path + "/x", new byte[0], null, 0);
        assertEquals(ErrorCode.INVALID_ACL, call(Op.CREATE, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"})
    @Shows(Fact.SYSTEM_ZNODES_CANNOT_BE_DELETED)
    void theNodesOfTheSystemCannotBeDeleted(String system) throws IOException {
        assertEquals(ErrorCode.BAD_ARGUMENTS, call(Op.DELETE, Requests.delete(system, -1)));
    }

    @Test
    @Shows(Fact.EPHEMERALS_HAVE_NO_CHILDREN)
    void theFirstFailingCheckDecides() throws IOException {
        create("/e", Op.EPHEMERAL);
        create("/p", 0);
        create("/p/c", 0);
        assertEquals(
                ErrorCode.NO_CHILDREN_FOR_EPHEMERALS,
                call(Op.CREATE, Requests.create(path + "/e/c", 0)));
        assertEquals(ErrorCode.NODE_EXISTS, call(Op.CREATE, Requests.create(path + "/p", 0)));
        assertEquals(ErrorCode.NO_NODE, call(Op.CREATE, Requests.create(path + "/no/c", 0)));
        assertEquals(
                ErrorCode.BAD_VERSION,
                call(Op.DELETE, Requests.delete(path + "/p", 5)),
                "the version before the children");
        assertEquals(ErrorCode.NOT_EMPTY, call(Op.DELETE, Requests.delete(path + "/p", 0)));
        assertEquals(
                ErrorCode.BAD_VERSION,
                call(Op.SET_DATA, Requests.setData(path + "/p", new byte[0], 1)));
        assertEquals(
                ErrorCode.BAD_VERSION,
                call(Op.SET_ACL, Requests.setAcl(path + "/p", AclEntry.OPEN, 1)));
    }

    @Test
    void create2AnswersWithTheStatToo() throws IOException {
        Frame reply = client.call(Op.CREATE2, Requests.create(path + "/x", Op.EPHEMERAL));
        JuteIn in = reply.in();
        assertEquals(path + "/x", in.text());
        StatFields stat = in.stat();
        in.expectEnd();
        assertEquals(reply.zxid(), stat.czxid());
        assertEquals(stat(path + "/x"), stat);
    }

    private String create(String below, int flags) throws IOException {
        Frame reply = client.call(Op.CREATE, Requests.create(path + below, flags));
        assertEquals(ErrorCode.OK, reply.err());
        return String.valueOf(reply.in().text());
    }

    private int call(int type, JuteOut body) throws IOException {
        return client.call(type, body).err();
    }

    private StatFields stat(String of) throws IOException {
        Frame reply = client.call(Op.EXISTS, Requests.read(of, false));
        assertEquals(ErrorCode.OK, reply.err());
        return reply.in().stat();
    }
}
