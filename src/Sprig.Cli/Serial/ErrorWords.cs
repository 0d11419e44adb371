using System.Globalization;
using Sprig.IO.Ports;

namespace Sprig.Cli.Serial;

/// <summary>What a driver has counted, in words.</summary>
internal static class ErrorWords
{
    /// <summary>"; the driver counted 2 overruns": what is not zero. Nothing where the driver counts nothing.</summary>
    internal static string Of(SerialErrorCounts? counts)
    {
        if (counts is not { } errors)
            return "";
        (long Count, string Name)[] all =
        [
            (errors.Overruns, "overruns of the hardware's buffer"),
            (errors.BufferOverruns, "overruns of the kernel's buffer"),
            (errors.FramingErrors, "framing errors"),
            (errors.ParityErrors, "parity errors"),
            (errors.Breaks, "breaks"),
        ];
        string[] counted = [.. all.Where(one => one.Count > 0).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Count} {one.Name}"))];
        return counted.Length == 0 ? "; the driver counted no errors" : $"; the driver counted {string.Join(", ", counted)}";
    }
}
