using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Sprig.Scheduling;

namespace Sprig.IO.Links;

/// <summary>A whole stream over a line that loses and damages bytes: what is written on one side is read on the other, each byte
/// once and in order, or somebody gets an error. Frames with CRC-32, sent again until they are acknowledged.</summary>
/// <remarks>
/// Both sides open one; either may begin. It goes over any duplex stream, and owns it. On the loop two daemons of the link carry the
/// bytes; at rest, with all acknowledged, they cost nothing. One reader and one writer at a time, loop thread only (see
/// <see cref="LoopStream"/> for libraries with threads of their own). A wait that throws has taken no byte.
/// Writing goes on as soon as the bytes have a place in the buffer: <see cref="DrainAsync"/> tells when they have come. A reader
/// that stops stops the writer of the other side. CRC-32 lets one damaged frame in four thousand million pass.
/// </remarks>
/// <example><code>
/// await using ReliableLink link = await ReliableLink.OpenAsync(SerialPort.Open("/dev/ttyS1", 115_200));
/// await link.WriteAsync(bytes);
/// </code></example>
[SuppressMessage("Naming", "CA1710", Justification = "A link is what it is; that it can be read and written as a stream is how it is used.")]
public sealed partial class ReliableLink : AwaitedStream
{
    private readonly Stream _line;
    private readonly ReliableLinkOptions _options;
    private readonly LinkMachine _machine;
    private readonly CoroutineScheduler _scheduler;
    private readonly WaitQueue _opening;
    private readonly WaitQueue _readers;
    private readonly WaitQueue _writers;
    private readonly WaitQueue _drainers;
    private bool _isReading;
    private bool _isWriting;

    private ReliableLink(Stream line, ReliableLinkOptions options)
    {
        _line = line;
        _options = options;
        _scheduler = CoroutineScheduler.Current;
        Name = options.Name ?? "a link";
        _machine = new LinkMachine(options.ToTerms(), NewId(), _scheduler.Now);
        _opening = new WaitQueue($"the other side of {Name}");
        _readers = new WaitQueue($"data from {Name}");
        _writers = new WaitQueue($"room to write to {Name}");
        _drainers = new WaitQueue($"{Name} to be acknowledged");
        _work = new WaitQueue($"something to send on {Name}");
    }

    /// <summary>What it is called in errors and views.</summary>
    public string Name { get; }

    /// <summary>What it has done so far, and how it finds the line.</summary>
    public LinkStatistics Statistics => _machine.Statistics;

    /// <summary>Begins a session, and waits until the other side has, however long that takes: set a <see cref="Deadline"/>.</summary>
    /// <param name="line">Read and written by the link alone from now on, and disposed with it; when this throws as well.</param>
    /// <param name="options">How it is set.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="IOException">The line has failed, or ended.</exception>
    /// <exception cref="ArgumentException">The stream is not for both directions, or an option out of range; the line is left alone.</exception>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread.</exception>
    public static async ValueTask<ReliableLink> OpenAsync(
        Stream line, ReliableLinkOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (!line.CanRead || !line.CanWrite)
            throw new ArgumentException("A link needs a line that can be read and written.", nameof(line));
        _ = CoroutineScheduler.Current.RunningOrThrow;
        ReliableLink link = new(line, options ?? new ReliableLinkOptions());
        link.Start();
        try
        {
            while (!link._machine.IsOpen && link._machine.End == LinkEnd.None)
                await link._opening.WaitAsync(cancellationToken);
            return link._machine.End == LinkEnd.None ? link : throw link.Failure();
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads what has come, at least one byte; waits for it if there is none. 0 when the other side has ended.</summary>
    /// <exception cref="IOException">The session is over: the other side was started anew, aborted or is gone, or the line failed; the
    /// message says which. What had come before was read.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine is reading.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        CoroutineScheduler scheduler = _readers.Enter();
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isReading)
            throw new InvalidOperationException($"{Name} is being read already; one reader at a time.");
        bool pause = IoWait.MustPause(scheduler);
        return !pause && TryRead(buffer.Span, out int count) ? new ValueTask<int>(count) : ReadWhenThereAsync(buffer, pause, cancellationToken);
    }

    /// <summary>Writes all of it into the link's buffer, or throws; waits for room where there is none.</summary>
    /// <exception cref="IOException">The session is over, as in <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>: bytes written
    /// before that and not acknowledged may or may not have come.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine is writing, or the writing was ended.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        CoroutineScheduler scheduler = _writers.Enter();
        ThrowIfUnwritable();
        if (_isWriting)
            throw new InvalidOperationException($"{Name} is being written already; one writer at a time.");
        bool pause = IoWait.MustPause(scheduler);
        int written = pause ? 0 : WriteSome(buffer.Span);
        return !pause && written == buffer.Length ? default : WriteWhenRoomAsync(buffer[written..], pause, cancellationToken);
    }

    private bool TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_machine.Available > 0)
        {
            count = _machine.Read(buffer, out bool mustSend);
            if (mustSend)
                _work.WakeOne();
            return true;
        }

        if (_machine.IsAtEnd)
            return true;
        return _machine.End == LinkEnd.None ? false : throw Failure();
    }

    private int WriteSome(ReadOnlySpan<byte> data)
    {
        int count = _machine.Write(data, _scheduler.Now);
        if (count > 0)
            _work.WakeOne();
        return count;
    }

    private void ThrowIfUnwritable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_machine.End != LinkEnd.None)
            throw Failure();
        if (_machine.HasWrittenEnd)
            throw new InvalidOperationException($"The writing to {Name} was ended.");
    }

    // Never 0: that stands for no id.
    private static uint NewId() => (uint)RandomNumberGenerator.GetInt32(int.MinValue, 0);
}
