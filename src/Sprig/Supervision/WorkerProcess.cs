using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>One worker process, seen from the pool.</summary>
internal sealed partial class WorkerProcess
{
    private readonly ProcessPoolOptions _options;
    private readonly string _pool;
    private readonly CompletionSource _started = new("the start of a worker process");
    private Process? _process;
    private PipeEnd? _input;
    private PipeEnd? _output;

    private WorkerProcess(ProcessPoolOptions options, string pool)
    {
        _options = options;
        _pool = pool;
        Keeper = Coroutine.Spawn(KeepAsync, new SpawnOptions { Name = $"a worker process of {pool}", Daemon = DaemonRule.UntilWorkEnds });
        _started.CompleteFrom(Keeper);
    }

    /// <summary>The process's number.</summary>
    internal int Id { get; private set; }

    /// <summary>The coroutine that the process belongs to: killed, by the pool or at the run's end, it ends it and waits for its end.</summary>
    internal Coroutine Keeper { get; }

    /// <summary>Null while it has not ended, and where it was killed by <see cref="Kill"/> or would not end.</summary>
    internal int? ExitCode { get; private set; }

    /// <summary>Whether it has done work already.</summary>
    internal bool HasServed { get; private set; }

    internal static WorkerProcess Begin(ProcessPoolOptions options, string pool) => new(options, pool);

    /// <summary>Waits until the process has started; it has not said anything then.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program can't be started.</exception>
    internal async Task StartAsync() => await _started;

    /// <summary>Waits for its first word; null when that was the right one, else what it said.</summary>
    /// <exception cref="EndOfStreamException">It has ended instead.</exception>
    internal async Task<string?> GreetAsync()
    {
        byte[] first = new byte[Frame.Hello.Length];
        int length = 0;
        while (length < first.Length)
        {
            int count = await _output!.ReadAsync(first.AsMemory(length));
            if (count == 0)
                throw new EndOfStreamException();
            length += count;
            if (!first.AsSpan(0, length).SequenceEqual(Frame.Hello.Span[..length]))
                return Encoding.UTF8.GetString(first, 0, length);
        }

        return null;
    }

    /// <summary>Gives it work, and waits for the answer: an error or a result.</summary>
    /// <param name="entry">Which work.</param>
    /// <param name="input">JSON.</param>
    /// <param name="onBegun">Called when it has begun: then the work may have had its effects.</param>
    /// <exception cref="IOException">It has ended.</exception>
    /// <exception cref="InvalidDataException">It has said what is no answer.</exception>
    internal async Task<(WorkerError? Error, byte[]? Result)> CallAsync(string entry, byte[] input, Action onBegun)
    {
        byte[] request = JsonSerializer.SerializeToUtf8Bytes(new WorkerRequest(entry, _options.MaxMessageBytes), WorkerJson.Default.WorkerRequest);
        await Frame.WriteAsync(_input!, request, input);
        await ReadAsync(0);
        onBegun();
        WorkerReply reply = JsonSerializer.Deserialize(await ReadAsync(Frame.MaxHeadBytes), WorkerJson.Default.WorkerReply)!;
        byte[]? result = reply.Error is null ? await ReadAsync(_options.MaxMessageBytes) : null;
        HasServed = true;
        return (reply.Error, result);
    }

    private async Task<byte[]> ReadAsync(int limit) => await Frame.ReadAsync(_output!, limit) ?? throw new EndOfStreamException();
}
