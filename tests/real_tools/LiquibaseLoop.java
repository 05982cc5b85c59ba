import java.io.BufferedReader;
import java.io.InputStreamReader;
import liquibase.integration.commandline.LiquibaseCommandLine;

/** Runs Liquibase's command line once for each line of words. */
public class LiquibaseLoop {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int code = new LiquibaseCommandLine().execute(line.split("\t", -1));
            System.out.println("\u0004" + code);
        }
    }
}
