using System.Globalization;
using Sprig.IO.Ports;
using Sprig.Testing.Serial;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial loopback</c>: whether a line gives back what is sent.</summary>
internal sealed class Loopback(TextWriter output, string port, SerialSettings settings, Pattern pattern)
{
    /// <summary>The other end, where it is another port; null: TX is wired to RX.</summary>
    internal string? SecondPort { get; init; }

    /// <summary>How many are sent; zero: as many as fit into <see cref="Length"/>.</summary>
    internal long Bytes { get; init; }

    /// <summary>How long it sends; zero: until <see cref="Bytes"/> are sent.</summary>
    internal TimeSpan Length { get; init; }

    /// <summary>What the simulated line does to the bytes.</summary>
    internal LineNoise? Noise { get; init; }

    internal bool IsClean { get; private set; } = true;

    internal async Task RunAsync()
    {
        using SerialLink link = SerialLink.Open(port, settings, SimulatedDevice.Echo, Noise);
        output.WriteLine($"loopback on {link.Name}{(SecondPort is null ? "" : $" and {SecondPort}")}: {settings}, {pattern}");
        if (SecondPort is null)
        {
            await TestAsync(link.Port, link.Port);
            return;
        }

        using SerialLink other = SerialLink.Open(SecondPort, settings, SimulatedDevice.Echo);
        output.WriteLine($"from {link.Name} to {other.Name}");
        await TestAsync(link.Port, other.Port);
        output.WriteLine($"from {other.Name} to {link.Name}");
        await TestAsync(other.Port, link.Port);
    }

    private async Task TestAsync(SerialPort from, SerialPort to)
    {
        RoundTrips trips = await RoundTrips.MeasureAsync(from, to);
        output.WriteLine(trips.ToString());
        if (trips.Times.Count == 0)
        {
            IsClean = false;
            output.WriteLine(SecondPort is null ? "nothing comes back: is TX wired to RX?" : "nothing arrives: is TX wired to RX, and ground to ground?");
            return;
        }

        PatternRun run = new(from, to, pattern) { Bytes = Bytes, Length = Length };
        try
        {
            await run.RunAsync();
        }
        finally
        {
            Report(run, to);
        }
    }

    // Of one that was interrupted: what it has found by then.
    private void Report(PatternRun run, SerialPort to)
    {
        PatternChecker found = run.Checker;
        double seconds = run.Time.TotalSeconds;
        long bits = (found.Right + found.Wrong) * 8;
        IsClean &= found.IsClean && found.Sent > 0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{found.Sent} bytes sent, {found.Received} received in {seconds:0.000} s: {(seconds > 0 ? found.Received / seconds : 0):0} bytes/s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{found.BitErrors} of {bits} bits wrong (rate {(bits > 0 ? (double)found.BitErrors / bits : 0):0.##e+0}), in {found.Wrong} bytes; {found.Lost} bytes lost, {found.Extra} extra{ErrorWords.Of(to.ErrorCounts)}"));
        if (run.IsStuck)
            output.WriteLine("the port takes nothing more: is its flow control wired (RTS to CTS)?");
    }
}
