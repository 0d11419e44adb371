namespace Sprig.IO.Ports;

/// <summary>Which serial devices this machine has.</summary>
public static class SerialDevices
{
    private static readonly string[] s_patterns = ["ttyUSB*", "ttyACM*", "ttyAMA*", "ttyS*"];

    /// <summary>Their paths: adapters by their stable names first (/dev/serial/by-id), then the board's own. Ports without
    /// hardware behind them, and those that the kernel's console has, are left out.</summary>
    public static IReadOnlyList<string> List()
    {
        List<string> found = [];
        HashSet<string> targets = [];
        if (Directory.Exists("/dev/serial/by-id"))
        {
            foreach (string link in Directory.EnumerateFiles("/dev/serial/by-id").Order(StringComparer.Ordinal))
            {
                found.Add(link);
                targets.Add(File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link);
            }
        }

        HashSet<string> consoles = [.. ReadWords("/sys/class/tty/console/active").Select(name => $"/dev/{name}")];
        foreach (string device in s_patterns.SelectMany(pattern => Directory.EnumerateFiles("/dev", pattern).Order(StringComparer.Ordinal)))
        {
            if (!targets.Contains(device) && !consoles.Contains(device) && HasHardware(Path.GetFileName(device)))
                found.Add(device);
        }

        return found;
    }

    // The 8250 driver makes its ttyS0 to ttyS3 whether there is a chip or not; type 0 is "unknown", none.
    private static bool HasHardware(string name)
        => Directory.Exists($"/sys/class/tty/{name}/device") && ReadWords($"/sys/class/tty/{name}/type").FirstOrDefault() != "0";

    private static string[] ReadWords(string path)
    {
        try
        {
            return File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
