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
    {
        Match match = Number().Match(error.Message);
        return match.Success && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    internal static IOException OfI2c(IOException error, string device) => Explain(error, device, NumberOf(error) switch
    {
        NoSuchAddress or NoAnswer => "nobody answers. Is it wired and powered, and is this its address? 'sprig i2c scan' lists who answers",
        TimedOut => "no answer in time. Something holds SCL or SDA low (no pull-up, a chip without power), or stretches the clock",
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

    private static IOException Explain(IOException error, string device, string? why)
    {
        int number = NumberOf(error);
        return new IOException($"{device}: {why ?? error.Message.TrimEnd('.')}.", error) { HResult = number > 0 ? number : error.HResult };
    }

    [GeneratedRegex(@"\bError (\d+)\b")]
    private static partial Regex Number();
}
