using Sprig.IO;
using Sprig.Synchronization;

namespace Sprig.Testing;

/// <content>Who holds what, and what may go wrong with it.</content>
public sealed partial class SimulatedBoard
{
    /// <summary>What the kernel answers when a device is gone, and when a chip can't do a thing.</summary>
    private const int NoDevice = 19;
    private const int NotSupported = 95;

    private readonly List<(IReadOnlyList<int> Lines, Mailbox<GpioLineChange> Changes)> _watches = [];

    /// <summary>Whether the chip has resistors; where it has not, it refuses every bias.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Whether it was removed.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>Lets somebody else hold a line: another program, by its name, or, with none, the kernel, for a bus or another function of
    /// the pin.</summary>
    /// <exception cref="IOException">It is held already.</exception>
    public void Reserve(int line, string consumer = "")
    {
        ArgumentNullException.ThrowIfNull(consumer);
        ThrowIfNoLine(line);
        Do(() =>
        {
            if (_lines[line].Consumer is not null)
                throw Busy([line]);
            _lines[line].Consumer = consumer;
            Notify(GpioLineChangeKind.Requested, _lines[line]);
        });
    }

    /// <summary>Ends a <see cref="Reserve"/>.</summary>
    /// <exception cref="InvalidOperationException">It is not reserved.</exception>
    public void Free(int line)
    {
        ThrowIfNoLine(line);
        Do(() =>
        {
            if (_lines[line] is not { Consumer: not null, Holder: null })
                throw new InvalidOperationException($"Line {line} of {this} is not reserved.");
            _lines[line].Consumer = null;
            Notify(GpioLineChangeKind.Released, _lines[line]);
        });
    }

    /// <summary>Unplugs the chip: who waits for its lines, or uses them from now on, gets an <see cref="IOException"/>.</summary>
    public void Remove() => Do(() =>
    {
        IsRemoved = true;
        foreach (SimulatedRequest request in _lines.Select(line => line.Holder).OfType<SimulatedRequest>().Distinct())
            request.Wake();
        foreach ((_, Mailbox<GpioLineChange> changes) in _watches)
            changes.Complete();
    });

    internal void ThrowIfRemoved(string action)
    {
        if (IsRemoved)
            throw Gone($"{action} {this}");
    }

    internal static IOException Gone(string what) => new($"{what}: No such device (errno {NoDevice}); the device is gone (unplugged)", NoDevice);

    /// <summary>Tells the watchers. Under the lock.</summary>
    internal void Notify(GpioLineChangeKind kind, SimulatedLine line)
    {
        GpioLineChange change = new(kind, line.Info, Now);
        foreach ((IReadOnlyList<int> lines, Mailbox<GpioLineChange> changes) in _watches)
        {
            if (lines.Contains(line.Number))
                Later(() => TrySend(changes, change));
        }
    }

    /// <inheritdoc/>
    protected override IAsyncEnumerable<GpioLineChange> OpenWatch(IReadOnlyList<int> lines) => new LineWatch(this, lines);

    private static void TrySend(Mailbox<GpioLineChange> changes, GpioLineChange change)
    {
        if (!changes.IsCompleted)
            changes.TrySend(change);
    }

    /// <summary>As the kernel's: it begins with the enumerator, not with its first step.</summary>
    private sealed class LineWatch(SimulatedBoard board, IReadOnlyList<int> lines) : IAsyncEnumerable<GpioLineChange>
    {
        public IAsyncEnumerator<GpioLineChange> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            Mailbox<GpioLineChange> changes = new(name: $"the changes of lines of {board}");
            lock (board.Gate)
            {
                board.ThrowIfRemoved("watch lines of");
                board._watches.Add((lines, changes));
            }

            return new Reader(board, changes, cancellationToken);
        }
    }

    private sealed class Reader(SimulatedBoard board, Mailbox<GpioLineChange> changes, CancellationToken cancellationToken) : IAsyncEnumerator<GpioLineChange>
    {
        public GpioLineChange Current { get; private set; }

        public async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                Current = await changes.ReceiveAsync(cancellationToken);
                return true;
            }
            catch (QueueShutdownException)
            {
                throw Gone($"watch lines of {board}");
            }
        }

        public ValueTask DisposeAsync()
        {
            lock (board.Gate)
                board._watches.RemoveAll(watch => watch.Changes == changes);
            return default;
        }
    }
}
