using System.Runtime.CompilerServices;
using System.Text.Json;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>Runs work in child processes of the same program, one for each place: for many cores. Inputs and results travel as JSON
/// over pipes that the loop itself reads and writes.</summary>
/// <remarks>
/// Loop thread only. Work waits in one line for a place, first come first served. A worker is started when work comes and none is
/// idle, and is kept; starting one holds the loop up for some milliseconds. See <see cref="ProcessWorker"/> for what the program must do.
/// <para>Work whose waiter is killed, or out of time, ends with its process, which is killed (SIGKILL) in the middle of it; so does
/// work that is killed otherwise. The next work gets a new process.</para>
/// <para>Work that throws gives <see cref="ProcessWorkException"/>; a process that ends in the middle of work
/// <see cref="WorkerCrashedException"/> to that work alone. One that has ended while it had nothing to do is replaced in silence.</para>
/// <para>The processes end with the run, or with the program, however that ends.</para>
/// </remarks>
/// <example>See <see cref="ProcessWorker"/>.</example>
public sealed partial class ProcessPool : IAsyncDisposable
{
    private readonly ProcessPoolOptions _options;
    private readonly Title _title;
    private readonly CoroutinePool _places;

    /// <summary>The one that worked last comes first, so that few stay in use where few are needed.</summary>
    private readonly Stack<WorkerProcess> _idle = new();
    private readonly List<WorkerProcess> _workers = [];

    /// <summary>A pool without a process.</summary>
    /// <param name="size">How many processes there are at most, at least 1.</param>
    /// <param name="options">Its name, and how the workers are started.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentException">A size below 1, or an option out of range.</exception>
    /// <exception cref="InvalidOperationException">This process is itself a worker, and does not serve.</exception>
    public ProcessPool(int size, ProcessPoolOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _options = options ?? new ProcessPoolOptions();
        _options.ThrowIfBad();
        if (ProcessWorker.WasAskedInVain)
        {
            throw new InvalidOperationException("This process was started as a worker, and would start workers of its own without end. "
                + "Call ProcessWorker.ServeIfAsked near the top of Main.");
        }

        _title = new Title(nameof(ProcessPool), _options.Name, file, line);
        _title.ThrowIfLessThanOne(size, nameof(size));
        _places = new CoroutinePool(size, _options.Name, file, line);
    }

    /// <summary>How many processes there are at most.</summary>
    public int Size => _places.Size;

    /// <summary>How much work runs now.</summary>
    public int Count => _places.Count;

    /// <summary>How much work waits in the line.</summary>
    public int PendingCount => _places.PendingCount;

    /// <summary>Whether new work would have to wait.</summary>
    public bool IsFull => _places.IsFull;

    /// <summary>Whether <see cref="ShutdownAsync"/> was called.</summary>
    public bool IsShutdown => _places.IsShutdown;

    /// <summary>The numbers of the processes that there are. A snapshot.</summary>
    public IReadOnlyList<int> ProcessIds => [.. _workers.Where(worker => worker.Keeper.IsAlive && worker.Id != 0).Select(worker => worker.Id)];

    /// <summary>"ProcessPool 'name'", or where it was made.</summary>
    public override string ToString() => _title.ToString();

    private async Task<TOut> WorkAsync<TIn, TOut>(ProcessEntry<TIn, TOut> entry, TIn input)
    {
        byte[] json = entry.WriteInput(input);
        if (json.Length > _options.MaxMessageBytes)
        {
            throw new ArgumentException($"The input of '{entry.Name}' is {json.Length} bytes of JSON, where {_options.MaxMessageBytes} are allowed. "
                + "Give it less, or raise ProcessPoolOptions.MaxMessageBytes.", nameof(input));
        }

        while (true)
        {
            WorkerProcess worker = TakeIdle() ?? await StartAsync(entry.Name);
            if (await TryCallAsync(worker, entry.Name, json) is { } result)
                return entry.ReadResult(result);
        }
    }

    /// <summary>The result; null when the worker had ended before, while it had nothing to do.</summary>
    private async Task<byte[]?> TryCallAsync(WorkerProcess worker, string entry, byte[] input)
    {
        bool hasBegun = false;
        bool goesOn = false;
        try
        {
            (WorkerError? error, byte[]? result) = await worker.CallAsync(entry, input, () => hasBegun = true);
            goesOn = true;
            _idle.Push(worker);
            return error is null ? result : throw new ProcessWorkException(entry, error);
        }
        catch (Exception e) when (!goesOn && HasLeft(e))
        {
            await worker.EndAsync();
            return worker.HasServed && !hasBegun ? null : throw WorkerCrashedException.InTheMiddle(entry, worker.ExitCode, e);
        }
        finally
        {
            if (!goesOn)
                worker.Kill();
        }
    }

    private WorkerProcess? TakeIdle()
    {
        while (_idle.TryPop(out WorkerProcess? worker))
        {
            // Those of an earlier run have ended with it.
            if (worker.Keeper.IsAlive)
                return worker;
        }

        return null;
    }

    private async Task<WorkerProcess> StartAsync(string entry)
    {
        WorkerProcess worker = WorkerProcess.Begin(_options, ToString());
        _workers.Add(worker);
        worker.Keeper.AddDoneCallback(_ => _workers.Remove(worker));
        bool serves = false;
        try
        {
            await worker.StartAsync();
            string? said = null;
            if (!await Deadline.TryRunAsync(_options.StartTimeout, async () => said = await worker.GreetAsync()))
                throw WorkerCrashedException.Silent(entry, _options.StartTimeout);
            serves = said is null;
            return serves ? worker : throw WorkerCrashedException.Printed(entry, said!);
        }
        catch (Exception e) when (HasLeft(e))
        {
            await worker.EndAsync();
            throw WorkerCrashedException.BeforeServing(entry, worker.ExitCode, e);
        }
        finally
        {
            if (!serves)
                worker.Kill();
        }
    }

    private static bool HasLeft(Exception exception) => exception is IOException or InvalidDataException or JsonException or ObjectDisposedException;
}
