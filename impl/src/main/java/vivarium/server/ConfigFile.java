package vivarium.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a configuration file, in the syntax of {@link java.util.Properties}, with their
 * numbers: a person who is told that a value is wrong wants to know where it stands.
 */
public final class ConfigFile {
    private final String name;
    private final String text;
    private final List<Entry> entries = new ArrayList<>();
    private int at;
    private int line = 1;

    private ConfigFile(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /**
     * One setting.
     *
     * @param line where it begins, counted from 1
     */
    public record Entry(String key, String value, int line) {}

    /** Reads {@code file}, which is in ISO 8859-1 as all properties files are. */
    static List<Entry> read(Path file) throws ConfigException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ConfigException(file + ": can't be read: " + e.getMessage(), e);
        }
        return parse(file.toString(), text);
    }

    /**
     * The settings in {@code text}.
     *
     * @param name what the text is called in errors
     * @throws ConfigException if an escape makes no sense
     */
    public static List<Entry> parse(String name, String text) throws ConfigException {
        ConfigFile file = new ConfigFile(name, text);
        while (file.at < text.length()) {
            file.logicalLine();
        }
        return file.entries;
    }

    /** One setting, a comment, or an empty line; with the lines that continue it. */
    private void logicalLine() throws ConfigException {
        int first = line;
        skipBlanks();
        if (at >= text.length() || isLineEnd(text.charAt(at))) {
            skipLineEnd();
            return;
        }
        if (text.charAt(at) == '#' || text.charAt(at) == '!') {
            while (at < text.length() && !isLineEnd(text.charAt(at))) {
                at++;
            }
            skipLineEnd();
            return;
        }
        String key = token(true);
        skipBlanks();
        if (at < text.length() && (text.charAt(at) == '=' || text.charAt(at) == ':')) {
            at++;
            skipBlanks();
        }
        String value = token(false);
        skipLineEnd();
        entries.add(new Entry(key.strip(), value.strip(), first));
    }

    /** Characters up to the end of the logical line, or of the key, with escapes resolved. */
    private String token(boolean key) throws ConfigException {
        StringBuilder token = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isLineEnd(c) || (key && (c == '=' || c == ':' || isBlank(c)))) {
                break;
            }
            at++;
            if (c != '\\') {
                token.append(c);
            } else if (at < text.length() && isLineEnd(text.charAt(at))) {
                skipLineEnd();
                skipBlanks();
            } else if (at < text.length()) {
                token.append(escaped());
            }
        }
        return token.toString();
    }

    private char escaped() throws ConfigException {
        char c = text.charAt(at++);
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> c;
        };
    }

    private char unicode() throws ConfigException {
        int end = at + 4;
        if (end <= text.length()) {
            String digits = text.substring(at, end);
            if (digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                at = end;
                return (char) Integer.parseInt(digits, 16);
            }
        }
        throw new ConfigException(
                name + ":" + line + ": \\u is followed by four hexadecimal digits", null);
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        // A continued line may begin with blanks, or be continued once more.
        if (at + 1 < text.length() && text.charAt(at) == '\\' && isLineEnd(text.charAt(at + 1))) {
            at++;
            skipLineEnd();
            skipBlanks();
        }
    }

    private void skipLineEnd() {
        if (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            line++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\f';
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
