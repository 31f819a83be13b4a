package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.EnsembleOfProcesses;
import vivarium.properties.servers.MemberProcess;

/** Three servers, each a process, and an observer: they are one, whoever of them is lost. */
class EnsembleTest {

    @TempDir Path directory = Path.of("");

    private static void assertHasAll(EnsembleOfProcesses ensemble, List<String> acknowledged)
            throws Exception {
        for (MemberProcess member : ensemble.members()) {
            Map<String, String> tree = ensemble.treeOf(member.sid());
            for (String path : acknowledged) {
                assertTrue(
                        tree.containsKey(path),
                        () -> path + " was lost by server " + member.sid() + ensemble.said());
            }
        }
        ensemble.assertAllEqual();
    }

    @Test
    void whatIsAcknowledgedSurvivesTheLeadersAndAllProcesses() throws Exception {
        try (var ensemble = new EnsembleOfProcesses(directory, 3, 1)) {
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            assertEquals("observer", ensemble.member(4).mode());
            List<String> acknowledged;
            try (var writer = new Writer(ensemble.client(), "/w")) {
                writer.awaitMore(50);
                MemberProcess first = ensemble.leader();
                first.kill();
                writer.awaitMore(50);
                ensemble.start(first.sid(), Brand.VIVARIUM);
                ensemble.awaitSettled();
                // One after the other, and the leader last, as operators do it.
                MemberProcess second = ensemble.leader();
                for (MemberProcess member : ensemble.members()) {
                    if (member != second) {
                        member.stop();
                        ensemble.start(member.sid(), Brand.VIVARIUM);
                        ensemble.awaitSettled();
                    }
                }
                second.stop();
                ensemble.start(second.sid(), Brand.VIVARIUM);
                ensemble.awaitSettled();
                writer.awaitMore(50);
                acknowledged = writer.end();
            }
            assertHasAll(ensemble, acknowledged);
            ensemble.members().forEach(MemberProcess::kill);
            ensemble.startAll(Brand.VIVARIUM);
            ensemble.awaitSettled();
            assertHasAll(ensemble, acknowledged);
        }
    }
}
