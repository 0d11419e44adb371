namespace Sprig.IO;

/// <summary>1 to 64 lines of a chip, taken together: read and driven in one call of the kernel, set anew in place, and their edges in
/// one queue, in the order in which they came.</summary>
/// <remarks>
/// Levels and settings are for any thread; edges for the loop, one coroutine at a time. In a mask bit i is the i-th of
/// <see cref="Lines"/>, whatever its offset; bits beyond them count for nothing. Dispose drives the safe levels, then gives the
/// lines back; what is left open ends so with the run that opened it, or with the process.
/// </remarks>
/// <example><code>
/// using GpioLineGroup bus = chip.OpenLines([5, 6, 13, 19], new GpioLineSettings { Direction = GpioDirection.Output });
/// bus.WriteMask(0b1111, 0b1010);                  // all four at once
/// </code></example>
public sealed class GpioLineGroup : IDisposable
{
    private readonly GpioLineRequest _request;

    internal GpioLineGroup(GpioLineRequest request) => _request = request;

    /// <summary>The lines' offsets in their chip, in the order in which they were asked for.</summary>
    public IReadOnlyList<int> Lines => _request.Lines;

    /// <summary>How each of <see cref="Lines"/> is set.</summary>
    public IReadOnlyList<GpioLineSettings> Settings => _request.Settings;

    /// <summary>How many edges were lost because nobody took them in time, of all lines together.</summary>
    public long LostEdges => _request.LostEdges;

    /// <summary>Whether it was given back.</summary>
    public bool IsDisposed => _request.IsDisposed;

    /// <summary>How many edges of one line were lost.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of <see cref="Lines"/>; here and below.</exception>
    public long LostEdgesOf(int line) => _request.LostEdgesOf(_request.PlaceOf(line));

    /// <summary>The level of a line, an output's too.</summary>
    /// <param name="line">Its offset in the chip.</param>
    /// <exception cref="IOException">The chip is gone, or failed; here and below.</exception>
    public bool Read(int line) => _request.Read(1UL << _request.PlaceOf(line)) != 0;

    /// <summary>The levels of several lines, all of them unless a mask is given; 0 for those not in it.</summary>
    public ulong ReadMask(ulong mask = ulong.MaxValue) => _request.Read(mask);

    /// <summary>Drives one line.</summary>
    /// <param name="line">Its offset in the chip.</param>
    /// <param name="level">High, or active.</param>
    /// <exception cref="InvalidOperationException">It is an input; here and below.</exception>
    public void Write(int line, bool level)
    {
        ulong mask = 1UL << _request.PlaceOf(line);
        _request.Write(mask, level ? mask : 0);
    }

    /// <summary>Drives the lines in the mask, at once where the chip can.</summary>
    public void WriteMask(ulong mask, ulong levels) => _request.Write(mask, levels);

    /// <summary>Drives the other level than it was last told to.</summary>
    /// <param name="line">Its offset in the chip.</param>
    public void Toggle(int line) => _request.Toggle(1UL << _request.PlaceOf(line));

    /// <summary>Sets all lines anew, without giving them back: what is an output already keeps its level (as the program sees it), what
    /// becomes one begins with its initial level and no glitch, and edges that nobody has taken stay.</summary>
    /// <exception cref="ArgumentException">The settings make no sense together.</exception>
    /// <exception cref="IOException">The chip refuses, or is gone; then all is as before.</exception>
    public void Configure(GpioLineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _request.Configure(_request.All, settings);
    }

    /// <summary>Sets one line anew; the others stay as they are.</summary>
    /// <param name="line">Its offset in the chip.</param>
    /// <param name="settings">How.</param>
    /// <inheritdoc cref="Configure(GpioLineSettings)"/>
    public void Configure(int line, GpioLineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _request.Configure(1UL << _request.PlaceOf(line), settings);
    }

    /// <summary>Waits for the next edge of any of the lines: the oldest that nobody has taken, of the kinds that its line's settings
    /// and the parameter both name. Others before it are passed over. Loop thread.</summary>
    /// <param name="edges">The kinds.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="InvalidOperationException">Another coroutine waits for them, or no line has edges.</exception>
    public ValueTask<GpioEdge> WaitForEdgeAsync(GpioEdges edges = GpioEdges.Both, CancellationToken cancellationToken = default)
        => _request.TakeEdgeAsync(edges, cancellationToken);

    /// <summary><c>await foreach</c>: each edge, from the oldest that nobody has taken.</summary>
    /// <inheritdoc cref="WaitForEdgeAsync"/>
    public IAsyncEnumerable<GpioEdge> Edges(GpioEdges edges = GpioEdges.Both) => new EdgeStream(_request, edges);

    /// <summary>Drives the safe levels, then gives the lines back; who waits gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _request.Dispose();
}
