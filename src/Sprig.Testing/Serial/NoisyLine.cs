using Sprig.IO;

namespace Sprig.Testing.Serial;

/// <summary>A line that loses, damages and adds bytes, as a UART does: between two ttys, two ends in memory, or two streams of yours.
/// The same seed does the same to the same bytes, in whatever pieces they come.</summary>
/// <remarks>Made on the loop: two daemons carry the bytes until it is disposed or unplugged, or the work has ended. With a speed they
/// take their time, by the clock of the run; a <see cref="TestClock"/> too. Loop thread only.</remarks>
/// <example><code>
/// using NoisyLine line = NoisyLine.BetweenPorts(LineNoise.Dropping(0.01), seed: 1);
/// using SerialPort left = SerialPort.Open(line.FirstPath!), right = SerialPort.Open(line.SecondPath!);
/// </code></example>
public sealed class NoisyLine : IDisposable
{
    private readonly NoisyDirection _fromFirst;
    private readonly NoisyDirection _fromSecond;
    private readonly Stream _first;
    private readonly Stream _second;

    /// <summary>Carries bytes between two streams.</summary>
    /// <param name="first">Read and written by the line alone; disposed with it.</param>
    /// <param name="second">As the first.</param>
    /// <param name="noise">What happens to the bytes, in both directions.</param>
    /// <param name="seed">Of the noise; the two directions differ.</param>
    /// <param name="baudRate">Its speed: ten bits a byte. Without limit unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not from 0 to 1.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public NoisyLine(Stream first, Stream second, LineNoise noise, int seed, int? baudRate = null)
        : this(first, second, noise, noise, seed, baudRate)
    {
    }

    /// <summary>Carries bytes between two streams, with a noise for each direction.</summary>
    /// <param name="first">Read and written by the line alone; disposed with it.</param>
    /// <param name="second">As the first.</param>
    /// <param name="fromFirst">What happens to bytes from the first to the second.</param>
    /// <param name="fromSecond">What happens to bytes from the second to the first.</param>
    /// <param name="seed">Of the noise; the two directions differ.</param>
    /// <param name="baudRate">Its speed: ten bits a byte. Without limit unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not from 0 to 1.</exception>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    public NoisyLine(Stream first, Stream second, LineNoise fromFirst, LineNoise fromSecond, int seed, int? baudRate = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(fromFirst);
        ArgumentNullException.ThrowIfNull(fromSecond);
        fromFirst.ThrowIfBad();
        fromSecond.ThrowIfBad();
        if (baudRate is { } baud)
            ArgumentOutOfRangeException.ThrowIfLessThan(baud, 10, nameof(baudRate));
        _first = first;
        _second = second;
        _fromFirst = new NoisyDirection(first, second, new NoiseSource(fromFirst, seed), baudRate);
        _fromSecond = new NoisyDirection(second, first, new NoiseSource(fromSecond, unchecked(~seed)), baudRate);
    }

    /// <summary>The tty at one end, as /dev/pts/3; null between streams.</summary>
    public string? FirstPath => (_first as PseudoTerminal)?.DevicePath;

    /// <summary>The tty at the other end.</summary>
    public string? SecondPath => (_second as PseudoTerminal)?.DevicePath;

    /// <summary>What it has done to the bytes from the first end to the second.</summary>
    public NoiseCounts FromFirst => _fromFirst.Counts;

    /// <summary>What it has done to the bytes from the second end to the first.</summary>
    public NoiseCounts FromSecond => _fromSecond.Counts;

    /// <summary>Whether all bytes are lost, in both directions, and nobody is told: a wire is off, or the other side has no power.</summary>
    public bool IsCut
    {
        get => _fromFirst.IsCut;
        set => _fromFirst.IsCut = _fromSecond.IsCut = value;
    }

    /// <summary>A line between two ttys, which may be opened and closed as often as one likes.</summary>
    /// <inheritdoc cref="NoisyLine(Stream, Stream, LineNoise, int, int?)"/>
    public static NoisyLine BetweenPorts(LineNoise noise, int seed, int? baudRate = null)
    {
        PseudoTerminal first = PseudoTerminal.Open();
        PseudoTerminal? second = null;
        try
        {
            second = PseudoTerminal.Open();
            return new NoisyLine(first, second, noise, seed, baudRate);
        }
        catch
        {
            first.Dispose();
            second?.Dispose();
            throw;
        }
    }

    /// <summary>A line in memory, with the ends to use. Disposing the line pulls both out.</summary>
    /// <inheritdoc cref="NoisyLine(Stream, Stream, LineNoise, int, int?)"/>
    public static (NoisyLine Line, Stream First, Stream Second) InMemory(LineNoise noise, int seed, int? baudRate = null)
    {
        (MemoryLine first, MemoryLine firstInner) = MemoryLine.CreatePair();
        (MemoryLine second, MemoryLine secondInner) = MemoryLine.CreatePair();
        return (new NoisyLine(firstInner, secondInner, noise, seed, baudRate), first, second);
    }

    /// <summary>Pulls out both ends: who has a tty open reads the hang-up. Disposing does the same.</summary>
    public void Unplug()
    {
        _fromFirst.Stop();
        _fromSecond.Stop();
        _first.Dispose();
        _second.Dispose();
    }

    /// <inheritdoc cref="Unplug"/>
    public void Dispose() => Unplug();
}
