package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vivarium.server.ConfigException;
import vivarium.server.ConfigFile;

/** A configuration file is read as Java reads properties, and each setting knows its line. */
class ConfigFileTest {

    private static final int TEXTS = 20_000;
    private static final String[] PIECES = {
        "a", "key", "=", ":", " ", "\t", "\f", "\n", "\r\n", "\r", "#", "!", "\\", "\\\\", "\\n",
        "\\u0041", "\\=", "\\\n", "\\\r\n", "value", "1", "."
    };

    @Test
    void everyTextMeansWhatItMeansToJavaUtilProperties() throws IOException {
        Random random = new Random(2181);
        int compared = 0;
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder();
            int pieces = random.nextInt(16);
            for (int k = 0; k < pieces; k++) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            var java = new Properties();
            try {
                java.load(new StringReader(text.toString()));
            } catch (IllegalArgumentException e) {
                assertThrows(
                        ConfigException.class, () -> ConfigFile.parse("zoo.cfg", text.toString()));
                continue;
            }
            if (stripped(java).size() < java.stringPropertyNames().size()) {
                continue; // keys that differ in blanks alone: which of them counts is chance
            }
            assertEquals(
                    withoutEmpty(stripped(java)),
                    parsed(text.toString()),
                    () -> "text: " + quoted(text));
            compared++;
        }
        assertEquals(TEXTS, compared, TEXTS / 20.0, "most texts are compared");
    }

    /**
     * ZooKeeper strips blanks around keys and values, Java only those before a value. An empty key
     * has no meaning to either, and what Java makes of a last line that is continued by nothing is
     * an accident.
     */
    private static Map<String, String> stripped(Properties properties) {
        var stripped = new TreeMap<String, String>();
        properties.forEach(
                (key, value) -> stripped.put(key.toString().strip(), value.toString().strip()));
        return stripped;
    }

    private static Map<String, String> withoutEmpty(Map<String, String> settings) {
        settings.remove("");
        return settings;
    }

    private static Map<String, String> parsed(String text) {
        var parsed = new TreeMap<String, String>();
        try {
            for (ConfigFile.Entry entry : ConfigFile.parse("zoo.cfg", text)) {
                parsed.put(entry.key(), entry.value());
            }
        } catch (ConfigException e) {
            throw new AssertionError(quoted(text), e);
        }
        return withoutEmpty(parsed);
    }

    private static String quoted(CharSequence text) {
        return text.toString().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    @Test
    void aSettingKnowsTheLineOnWhichItBegins() throws ConfigException {
        List<ConfigFile.Entry> entries =
                ConfigFile.parse(
                        "zoo.cfg",
                        """
                        # a comment
                        tickTime=2000

                        4lw.commands.whitelist=ruok, \\
                            srvr
                        dataDir = /data
                        """);
        assertEquals(
                List.of(
                        new ConfigFile.Entry("tickTime", "2000", 2),
                        new ConfigFile.Entry("4lw.commands.whitelist", "ruok, srvr", 4),
                        new ConfigFile.Entry("dataDir", "/data", 6)),
                entries);
    }
}
