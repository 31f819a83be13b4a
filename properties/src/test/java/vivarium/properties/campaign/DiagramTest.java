package vivarium.properties.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.campaign.Simulate.Ended;

/** The pages for people, opened in a browser as people would. */
class DiagramTest {
    private static final int LEADS = 0xd9730d;
    private static final int LEADS_IN_THE_DARK = 0xf59b31;
    private static final int FOLLOWS = 0x2f78b5;
    private static final int TROUBLE = 0xd1342a;
    private static final int GOOD = 0x1a7f4b;
    private static final int BAD = 0xb3261e;

    @TempDir private static Path folder = Path.of("");
    private static Path page = Path.of("");

    @BeforeAll
    static void aRunOfMoreThanTenThousandEvents() throws Exception {
        Ended ended =
                Simulate.run(
                        "--seed", "4", "--act", "60", "--clients", "20", "--report", folder + "");
        assertFalse(ended.said().contains("simulate: "), ended.said());
        page = folder.resolve("seed-4.html");
    }

    @Test
    void thePageNeedsNothingElse() throws Exception {
        String text = Files.readString(page);
        Matcher reference = Pattern.compile("(src|href)=\"|url\\(|@import|fetch\\(").matcher(text);
        assertFalse(reference.find(), "the page refers to something outside of it");
    }

    @Test
    void everyEventIsInThePageAndNoScriptFails() throws Exception {
        Browser browser = Browser.orSkip(folder);
        String whole = browser.read(page, "show=life,election,broadcast,disk,clients,pings");
        assertEquals("0", attribute(whole, "errors"));
        assertEquals("yes", attribute(whole, "ready"));
        long events = number(whole, "events");
        assertTrue(events >= 10_000, events + " events are too few to try it");
        assertTrue(number(whole, "arrows") > 500, whole.substring(0, 600));
        assertTrue(whole.contains("in view"), "the status is missing");
        long drawn = number(whole, "drawn-events");
        assertTrue(drawn > 0 && drawn <= events, drawn + " of " + events + " are drawn");
        String close = browser.read(page, "from=1000000&to=2000000");
        assertEquals("0", attribute(close, "errors"));
        assertEquals(events, number(close, "events"));
        assertTrue(number(close, "drawn-events") < drawn, "only what is in view is drawn");
        String without = browser.read(page, "from=1000000&to=2000000&hide=2&scale=steps&find=1:1");
        assertEquals("0", attribute(without, "errors"));
    }

    @Test
    void whoLedWhoFollowedAndWhatFailedIsSeenAtOnce() throws Exception {
        Browser browser = Browser.orSkip(folder);
        BufferedImage whole = browser.look(page, "theme=light");
        assertTrue(count(whole, LEADS) > 300, "nobody is seen to lead");
        assertTrue(count(whole, FOLLOWS) > 300, "nobody is seen to follow");
        assertTrue(count(whole, TROUBLE) > 30, "no fault is seen");
        BufferedImage dark = browser.look(page, "theme=dark");
        assertTrue(count(dark, LEADS_IN_THE_DARK) > 300, "nobody is seen to lead in the dark");
        assertEquals(0, count(dark, LEADS));
    }

    @Test
    void theReportOfACampaignShowsItsVerdictAndLinksToItsDiagrams() throws Exception {
        Browser browser = Browser.orSkip(folder);
        Path good = folder.resolve("good");
        Simulate.run("--seeds", "3", "--act", "3", "--report", good.toString());
        assertTrue(count(browser.look(good.resolve("report.html"), ""), GOOD) > 100);
        Path bad = folder.resolve("bad");
        Simulate.run(
                "--seeds",
                "12",
                "--act",
                "5",
                "--servers",
                "1",
                "--mistake",
                "forces_do_nothing",
                "--report",
                bad.toString());
        Path report = bad.resolve("report.html");
        assertTrue(count(browser.look(report, ""), BAD) > 100);
        Matcher link = Pattern.compile("href=\"(.*?)\"").matcher(browser.read(report, ""));
        int links = 0;
        while (link.find()) {
            assertTrue(Files.exists(bad.resolve(link.group(1))), link.group(1));
            links++;
        }
        assertTrue(links > 0, "no diagram is linked to");
    }

    private static String attribute(String dom, String name) {
        Matcher value = Pattern.compile("data-" + name + "=\"(.*?)\"").matcher(dom);
        assertTrue(value.find(), name + " is missing in " + dom.substring(0, 400));
        return value.group(1);
    }

    private static long number(String dom, String name) {
        return Long.parseLong(attribute(dom, name));
    }

    private static int count(BufferedImage picture, int colour) {
        int count = 0;
        for (int x = 0; x < picture.getWidth(); x++) {
            for (int y = 0; y < picture.getHeight(); y++) {
                count += (picture.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
            }
        }
        return count;
    }
}
