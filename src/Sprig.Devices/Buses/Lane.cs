using System.Runtime.CompilerServices;
using Sprig.Supervision;

namespace Sprig.Devices.Buses;

/// <summary>The one thread on which all that uses a bus does so, in the order in which it came: a transfer of 10 ms stops nobody
/// but those behind it. Any synchronous driver code runs in it, unchanged.</summary>
/// <remarks>Any thread; coroutines of several schedulers may share one. The thread starts when there is work, and ends when there
/// was none for 10 s, or when the lane is disposed of by all who hold it.</remarks>
/// <example><code>
/// Bmp280 sensor = new(device);                                        // System.Device.Gpio's binding, on a SprigI2cDevice
/// Temperature t = await device.Lane.RunAsync(() => sensor.Read().Temperature!.Value);
/// </code></example>
public sealed class Lane : IDisposable
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<string, Line> s_shared = [];
    private readonly Line _line;
    private bool _isDisposed;

    /// <summary>A lane of its own.</summary>
    /// <param name="name">For reports and errors, and for the thread.</param>
    public Lane(string name)
        : this(new Line(name, isShared: false))
    {
    }

    private Lane(Line line) => _line = line;

    /// <summary>What it is the lane of, as "/dev/i2c-1".</summary>
    public string Name => _line.Name;

    /// <summary>Whether the code that asks runs in the lane: what it does with the bus it does at once.</summary>
    public bool IsCurrent => _line.Pool.IsCurrent;

    /// <summary>How many threads it has: one, or none while there is nothing to do.</summary>
    public int ThreadCount => _line.Pool.ThreadCount;

    /// <summary>How much waits for its turn.</summary>
    public int PendingCount => _line.Pool.PendingCount;

    /// <summary>The lane of what has this name, for all who ask for it: so two who open one bus don't use it at once. Each
    /// disposes of what this gave; the last one ends the thread.</summary>
    /// <remarks>What has not ended when the last has disposed of it goes on beside the work of who asks for the name after that.</remarks>
    /// <param name="name">What is shared, by its path in the file system, as "/dev/i2c-1".</param>
    public static Lane Share(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (s_gate)
        {
            if (!s_shared.TryGetValue(name, out Line? line))
                s_shared[name] = line = new Line(name, isShared: true);
            line.Holders++;
            return new Lane(line);
        }
    }

    /// <summary>Runs code in the lane, and goes on when it has ended; the loop runs the others meanwhile.</summary>
    /// <remarks>A caller that is killed, or out of time, goes on at once. Code that has begun then runs to its end, unseen; an
    /// error of it is reported to the scheduler's observer. Code that has not never runs.</remarks>
    /// <param name="work">Synchronous code: it has no scheduler, and may take its time.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread, as a kill would.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">No coroutine is running on this thread: <see cref="Run(Action)"/> is for
    /// there.</exception>
    /// <exception cref="ObjectDisposedException">The lane was disposed of.</exception>
    public Task RunAsync(
        Action work, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        => RunAsync(ToFunction(work), cancellationToken, file, line);

    /// <typeparam name="T">The result's type.</typeparam>
    /// <returns>What the code returned.</returns>
    /// <exception cref="ArgumentException">The code is asynchronous.</exception>
    /// <inheritdoc cref="RunAsync(Action, CancellationToken, string, int)"/>
    public Task<T> RunAsync<T>(
        Func<T> work, CancellationToken cancellationToken = default, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(work);
        Turn<T> turn = new(work);
        return EndAsync(turn, Open().RunAsync(turn.Run, cancellationToken, file, line));
    }

    /// <summary>Runs code in the lane, in its turn, and blocks the calling thread until it has ended; in the lane itself it runs
    /// at once. For what can't await: a constructor, another thread. In a coroutine it blocks the loop: use
    /// <see cref="RunAsync(Action, CancellationToken, string, int)"/> there.</summary>
    /// <remarks>Where what stands before it in the lane waits for the loop that is blocked, neither goes on.</remarks>
    /// <param name="work">Synchronous code. What it throws, this throws.</param>
    /// <exception cref="ObjectDisposedException">The lane was disposed of.</exception>
    public void Run(Action work) => Run(ToFunction(work));

    /// <typeparam name="T">The result's type.</typeparam>
    /// <returns>What the code returned.</returns>
    /// <exception cref="ArgumentException">The code is asynchronous.</exception>
    /// <inheritdoc cref="Run(Action)"/>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Turn<T> turn = new(work);
        try
        {
            return Open().Run(turn.Run);
        }
        catch (InvalidOperationException) when (IsTooLate(turn))
        {
            throw Disposed();
        }
    }

    /// <summary>Takes nothing new; what waits for its turn gets it, then the thread ends, unless others hold the lane. Waits for
    /// nothing.</summary>
    public void Dispose()
    {
        lock (s_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            if (--_line.Holders > 0)
                return;
            if (_line.IsShared)
                s_shared.Remove(Name);
        }

        _line.Pool.Dispose();
    }

    /// <summary>"the lane of ..." its name.</summary>
    public override string ToString() => $"the lane of {Name}";

    private BlockingPool Open() => !Volatile.Read(ref _isDisposed) ? _line.Pool : throw Disposed();

    private ObjectDisposedException Disposed() => new(ToString());

    private async Task<T> EndAsync<T>(Turn<T> turn, Task<T> end)
    {
        try
        {
            return await end;
        }
        catch (InvalidOperationException) when (IsTooLate(turn))
        {
            throw Disposed();
        }
    }

    /// <summary>It was open when it was asked, and was disposed of before the work had its place in the line.</summary>
    private bool IsTooLate<T>(Turn<T> turn) => !turn.HasBegun && _line.Pool.IsShutdown;

    private static Func<bool> ToFunction(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return () =>
        {
            work();
            return true;
        };
    }

    /// <summary>Work, and whether it has begun: what it throws then is its own.</summary>
    private sealed class Turn<T>(Func<T> work)
    {
        internal bool HasBegun { get; private set; }

        internal T Run()
        {
            HasBegun = true;
            return work();
        }
    }

    private sealed class Line
    {
        internal Line(string name, bool isShared)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            Name = name;
            IsShared = isShared;
            Holders = isShared ? 0 : 1;
            Pool = new BlockingPool(1, name: name);
        }

        internal string Name { get; }

        internal bool IsShared { get; }

        internal BlockingPool Pool { get; }

        /// <summary>Guarded by the gate.</summary>
        internal int Holders { get; set; }
    }
}
