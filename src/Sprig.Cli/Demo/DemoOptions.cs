using System.Net;

namespace Sprig.Cli.Demo;

/// <summary>What the demo was asked to do.</summary>
internal sealed record DemoOptions
{
    /// <summary>How long; zero: until Ctrl+C.</summary>
    internal TimeSpan Length { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>auto, sim, or a chip's path or label.</summary>
    internal string Gpio { get; init; } = "auto";

    internal IReadOnlyList<int> Leds { get; init; } = [17, 27, 22];

    /// <summary>auto, sim, or a tty's path.</summary>
    internal string Serial { get; init; } = "auto";

    internal int BaudRate { get; init; } = 9600;

    internal IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 4242);

    /// <summary>Where the report goes; none when null.</summary>
    internal string? Report { get; init; }
}
