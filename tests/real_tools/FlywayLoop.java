import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** Migrates once for each line: url, user, password, folder, and settings as key=value. */
public class FlywayLoop {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("\t", -1);
            Map<String, String> settings = new HashMap<>();
            for (int at = 4; at < words.length; at++) {
                String[] pair = words[at].split("=", 2);
                settings.put(pair[0], pair[1]);
            }
            String code = "0";
            try {
                Flyway.configure()
                        .configuration(settings)
                        .dataSource(words[0], words[1], words[2])
                        .locations("filesystem:" + words[3])
                        .load()
                        .migrate();
            } catch (RuntimeException error) {
                System.out.println(error.getMessage());
                code = "1";
            }
            System.out.println("\u0004" + code);
        }
    }
}
