using System.Diagnostics;
using System.IO.Pipes;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <content>Its start and its end.</content>
internal sealed partial class WorkerProcess
{
    /// <summary>How long one whose input has ended may take to end by itself.</summary>
    private static readonly TimeSpan s_lastCall = TimeSpan.FromSeconds(2);

    /// <summary>128 + SIGKILL.</summary>
    private const int KilledExitCode = 137;

    private bool _isKilled;

    /// <summary>Ends it now, whatever it does. Returns at once; its keeper waits for its end.</summary>
    internal void Kill()
    {
        if (!Keeper.IsAlive)
            return;
        _isKilled = true;
        _process?.Kill();
        Keeper.Kill();
    }

    /// <summary>Ends its input, so that it ends, and waits for that; kills it where it goes on.</summary>
    internal ValueTask<bool> EndAsync() => Keeper.KillAsync();

    // It starts the process as well: a keeper that is killed before its first step has nothing to end.
    private async Task KeepAsync()
    {
        try
        {
            _process = Start();
        }
#pragma warning disable CA1031 // Whatever it is belongs to who waits for the start.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _started.TrySetException(e);
            return;
        }

        try
        {
            Id = _process.Id;
            Coroutine.Current.Name = $"worker process {Id} of {_pool}";
            _input = PipeOf(_process.StandardInput.BaseStream, FileAccess.Write, $"the input of {Coroutine.Current.Name}");
            _output = PipeOf(_process.StandardOutput.BaseStream, FileAccess.Read, $"the output of {Coroutine.Current.Name}");
            _started.TrySetResult();
            await Coroutine.Sleep(Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _input?.Dispose();
            _output?.Dispose();
            await OutliveAsync(_process);
        }
    }

    private async Task OutliveAsync(Process process)
    {
        Task end = process.WaitForExitAsync();
        bool goesOn = !_isKilled && !await EndsInTimeAsync(end);
        if (goesOn)
            process.Kill();
        await end;
        // On a busy machine .NET may hear too late of one that had ended in time: the kill changed nothing then.
        bool isKilled = _isKilled || (goesOn && process.ExitCode == KilledExitCode);
        ExitCode = isKilled ? null : process.ExitCode;
        process.Dispose();
    }

    private static async Task<bool> EndsInTimeAsync(Task end)
    {
        try
        {
            await end.WaitAsync(s_lastCall, CoroutineScheduler.Current.TimeProvider);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Process Start()
    {
        IReadOnlyList<string> command = _options.Command ?? OwnCommand();
        ProcessStartInfo start = new(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[ProcessWorker.Variable] = "1";
        return Process.Start(start)!;
    }

    private static PipeEnd PipeOf(Stream redirected, FileAccess access, string name) => new(((PipeStream)redirected).SafePipeHandle, access, name);

    private static string[] OwnCommand()
    {
        string path = Environment.ProcessPath ?? throw new InvalidOperationException("The program's path is unknown; name it in ProcessPoolOptions.Command.");
        // dotnet program.dll
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, Environment.GetCommandLineArgs()[0]] : [path];
    }
}
