package vivarium.benchmarks.jmh;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** How many bytes an operation may allocate, as recorded in {@code budgets.tsv}. */
public final class AllocationBudgets {
    private AllocationBudgets() {}

    /** By the names of benchmarks, as in {@code CoreStep.setData}. */
    public static Map<String, Integer> read() throws IOException {
        Map<String, Integer> budgets = new TreeMap<>();
        try (InputStream in = AllocationBudgets.class.getResourceAsStream("budgets.tsv")) {
            if (in == null) {
                throw new FileNotFoundException("budgets.tsv");
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                if (tab >= 0) {
                    budgets.put(line.substring(0, tab), Integer.parseInt(line.substring(tab + 1)));
                }
            }
        }
        return budgets;
    }
}
