using System.Globalization;
using System.Text.RegularExpressions;

namespace Sprig.Devices.Buses;

/// <summary>What went wrong on a bus, and the cure. System.Device.Gpio tells the kernel's number in its message alone.</summary>
internal static partial class BusError
{
    internal const int NoSuchAddress = 6;
    internal const int Failed = 5;
    internal const int NoAnswer = 121;
    private const int Gone = 19;
    private const int Refused = 22;
    private const int TooLong = 90;
    private const int NotSupported = 95;
    private const int ShutDown = 108;
    private const int TimedOut = 110;

    /// <summary>The kernel's number; 0 where none is told.</summary>
    internal static int NumberOf(IOException error)
        => Number().Match(error.Message) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int number) ? number : 0;

    internal static IOException OfI2c(IOException error, string device) => Explain(error, device, NumberOf(error) switch
    {
        NoSuchAddress or NoAnswer => "nobody answers. Is it wired and powered, and is this its address? 'sprig i2c scan' lists those that answer",
        TimedOut => "no answer in time. Something holds SCL or SDA low (a missing pull-up, a chip without power), or stretches the clock too long",
        Gone => "the bus is gone: its adapter was unplugged, or its driver unloaded",
        NotSupported => "the bus adapter can't do such a transfer",
        _ => null,
    });

    internal static IOException OfSpi(IOException error, string device) => Explain(error, device, NumberOf(error) switch
    {
        Gone or ShutDown => "the bus is gone: its adapter was unplugged, or its driver unloaded",
        TooLong => "longer than the kernel takes at once, 4096 bytes unless spidev.bufsiz says more; cut it, or raise that",
        Refused => "the controller refuses the mode, the word length or the clock frequency; see its SpiConnectionSettings",
        TimedOut => "no end in time",
        _ => null,
    });

    /// <summary>Throws unless the device file is there and may be opened.</summary>
    /// <param name="path">In /dev.</param>
    /// <param name="group">Whose members may open it.</param>
    /// <param name="enable">How the bus is turned on.</param>
    /// <exception cref="FileNotFoundException">It is not there; the message lists its like.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    internal static void ThrowIfClosed(string path, string group, string enable)
    {
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            string kind = Path.GetFileName(path).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
            string[] others = Directory.Exists(Path.GetDirectoryName(path)) ? Directory.GetFiles(Path.GetDirectoryName(path)!, $"{kind}*") : [];
            string present = others.Length == 0 ? "there is none of its kind" : $"there are {string.Join(", ", others.Order(StringComparer.Ordinal))}";
            throw new FileNotFoundException($"There is no {path}; {present}. To turn it on: {enable}.", path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(Forbidden(path, group), e);
        }
    }

    internal static string Forbidden(string path, string group)
        => $"No permission to open {path}: run 'sudo usermod -aG {group} $USER' and log in again. "
            + $"Where it does not belong to the group '{group}', install the rules of hardware/udev first.";

    private static IOException Explain(IOException error, string device, string? why)
        => new($"{device}: {why ?? error.Message.TrimEnd('.')}.", error) { HResult = NumberOf(error) is > 0 and int number ? number : error.HResult };

    [GeneratedRegex(@"\bError (\d+)\b")]
    private static partial Regex Number();
}
