using System.Runtime.InteropServices;
using System.Text.Json;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Synchronization;

namespace Sprig.Supervision;

/// <summary>A worker process at work. The input is read on a thread of its own: so the process ends with the program that it works
/// for, even where the work blocks the loop.</summary>
internal sealed class WorkerService : IDisposable
{
    /// <summary>When the program has gone, so long has the work for its clean-up.</summary>
    private static readonly TimeSpan s_lastCall = TimeSpan.FromSeconds(1);

    private readonly Mailbox<(WorkerRequest Request, byte[] Input)> _requests = new(name: "requests");
    private readonly ManualResetEventSlim _served = new();
    private readonly PipeEnd _input = PipeEnd.TakeStandardInput();
    private readonly PipeEnd _output = PipeEnd.TakeStandardOutput();

    internal static void Run()
    {
        using WorkerService service = new();
        Console.SetOut(Console.Error);
        using var interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminations = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        try
        {
            CoroutineScheduler.Run(service.ServeAsync, new SchedulerOptions { HandleSignals = false });
        }
        catch (CoroutineKilledException)
        {
            // The program has gone in the middle of work.
        }
        catch (IOException)
        {
            // Or has closed the pipe.
        }
        catch (AggregateException)
        {
            // Failures of coroutines that the work has left behind: they have been reported.
        }
        finally
        {
            service._served.Set();
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
    }

    private async Task ServeAsync()
    {
        CoroutineScheduler scheduler = CoroutineScheduler.Current;
        Coroutine main = Coroutine.Current;
        Thread reader = new(() => Read(scheduler, main)) { Name = "worker's input", IsBackground = true };
        reader.Start();
        await _output.WriteAsync(Frame.Hello);
        await foreach ((WorkerRequest request, byte[] input) in _requests)
            await AnswerAsync(request, input);
    }

    private async Task AnswerAsync(WorkerRequest request, byte[] input)
    {
        await _output.WriteAsync(Frame.Empty);
        WorkerReply reply = new(null);
        byte[]? result = null;
        try
        {
            result = await ProcessWorker.Find(request.Entry).ServeAsync(input);
            if (result.Length > request.MaxResultBytes)
            {
                throw new InvalidDataException($"The result is {result.Length} bytes of JSON, where {request.MaxResultBytes} are allowed. "
                    + "Give out less, or raise ProcessPoolOptions.MaxMessageBytes.");
            }
        }
#pragma warning disable CA1031 // Whatever it is belongs to who has sent the work.
        catch (Exception e) when (!Coroutine.Current.IsKillRequested)
#pragma warning restore CA1031
        {
            (reply, result) = (new WorkerReply(WorkerError.Of(e)), null);
        }

        await Frame.WriteAsync(_output, JsonSerializer.SerializeToUtf8Bytes(reply, WorkerJson.Default.WorkerReply), result);
    }

    private void Read(CoroutineScheduler scheduler, Coroutine main)
    {
        try
        {
            while (Frame.Read(_input, Frame.MaxHeadBytes) is { } head && Frame.Read(_input, int.MaxValue) is { } input)
                _requests.TrySend((JsonSerializer.Deserialize(head, WorkerJson.Default.WorkerRequest)!, input));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or JsonException or ObjectDisposedException)
        {
            // The program has gone in the middle of a message.
        }

        _requests.Complete();
        try
        {
            // Its result is for nobody. One that has nothing to do ends by itself.
            scheduler.Post(() => main.Kill(s_lastCall));
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        if (!_served.Wait(s_lastCall * 2))
            Environment.Exit(1);
    }
}
