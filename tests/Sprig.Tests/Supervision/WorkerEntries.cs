using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Sprig.Scheduling;
using Sprig.Supervision;

namespace Sprig.Tests.Supervision;

/// <summary>What the test program does as a worker of its own pools. Registered when the program is loaded, so that it works
/// however the tests are run.</summary>
internal static class WorkerEntries
{
    /// <summary>Kept alive after the work that has made it.</summary>
    private static ProcessPool? s_nested;

    internal static ProcessEntry<int, int> Double { get; private set; } = null!;

    internal static ProcessEntry<int, int> DoubleLater { get; private set; } = null!;

    internal static ProcessEntry<string, string> Echo { get; private set; } = null!;

    /// <summary>So many characters.</summary>
    internal static ProcessEntry<int, string> Long { get; private set; } = null!;

    internal static ProcessEntry<string, int> Fail { get; private set; } = null!;

    /// <summary>Ends its process: by "exit N", "failfast", or "kill".</summary>
    internal static ProcessEntry<string, int> End { get; private set; } = null!;

    /// <summary>Writes its process's number into a file, and blocks.</summary>
    internal static ProcessEntry<string, int> Block { get; private set; } = null!;

    internal static ProcessEntry<int, int> ProcessId { get; private set; } = null!;

    internal static ProcessEntry<string, string?> EnvironmentVariable { get; private set; } = null!;

    /// <summary>Prints in every way there is.</summary>
    internal static ProcessEntry<string, int> Print { get; private set; } = null!;

    /// <summary>Starts workers of its own, of which one is busy (see <see cref="Block"/>), and gives their numbers.</summary>
    internal static ProcessEntry<string, int[]> Nest { get; private set; } = null!;

    /// <summary>Leaves a scheduler's thread that fails, whom nobody joins; its report goes to a file.</summary>
    internal static ProcessEntry<string, int> LeaveFailedThread { get; private set; } = null!;

    [ModuleInitializer]
    internal static void ServeIfAsked()
    {
        WorkerTypes types = WorkerTypes.Default;
        Double = ProcessWorker.Register("double", (int number) => number * 2, types.Int32, types.Int32);
        DoubleLater = ProcessWorker.Register("double later", DoubleLaterAsync, types.Int32, types.Int32);
        Echo = ProcessWorker.Register("echo", (string text) => text, types.String, types.String);
        Long = ProcessWorker.Register("long", (int length) => new string('x', length), types.Int32, types.String);
        Fail = ProcessWorker.Register("fail", FailInDepth, types.String, types.Int32);
        End = ProcessWorker.Register("end", EndProcess, types.String, types.Int32);
        Block = ProcessWorker.Register("block", BlockForEver, types.String, types.Int32);
        ProcessId = ProcessWorker.Register("process id", (int _) => Environment.ProcessId, types.Int32, types.Int32);
        EnvironmentVariable = ProcessWorker.Register("environment", (string name) => Environment.GetEnvironmentVariable(name), types.String, types.String);
        Print = ProcessWorker.Register("print", PrintInEveryWay, types.String, types.Int32);
        Nest = ProcessWorker.Register("nest", NestAsync, types.String, types.Int32Array);
        LeaveFailedThread = ProcessWorker.Register("leave a failed thread", FailOnAThread, types.String, types.Int32);
        ProcessWorker.ServeIfAsked();
    }

    private static async Task<int> DoubleLaterAsync(int number)
    {
        await Coroutine.Yield();
        int half = await Coroutine.Spawn(() => Task.FromResult(number));
        return half + number;
    }

    private static int FailInDepth(string message)
    {
        try
        {
            throw new FormatException("the reason");
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException(message, e);
        }
    }

    private static int EndProcess(string how)
    {
        if (how == "kill")
            Process.GetCurrentProcess().Kill();
        else if (how == "failfast")
            Environment.FailFast("as the test wants it");
        else
            Environment.Exit(int.Parse(how.AsSpan("exit ".Length), System.Globalization.CultureInfo.InvariantCulture));
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int BlockForEver(string file)
    {
        string unfinished = file + ".tmp";
        File.WriteAllText(unfinished, $"{Environment.ProcessId}");
        File.Move(unfinished, file);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static int PrintInEveryWay(string text)
    {
        Console.WriteLine(text);
        using (Stream output = Console.OpenStandardOutput())
            output.Write("straight\n"u8);
        using Process child = Process.Start("echo", "a child")!;
        child.WaitForExit();
        using Process reader = Process.Start("cat")!;
        reader.WaitForExit();
        return text.Length;
    }

    private static async Task<int[]> NestAsync(string file)
    {
        s_nested = new ProcessPool(2);
        _ = s_nested.Submit(Block, file);
        while (!File.Exists(file))
            await Coroutine.Sleep(TimeSpan.FromMilliseconds(1));
        await s_nested.RunAsync(ProcessId, 0);
        return [.. s_nested.ProcessIds];
    }

    private static int FailOnAThread(string file)
    {
        TextWriter errors = TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
        SchedulerThread thread = CoroutineScheduler.Start(
            () => throw new InvalidOperationException("broken"),
            new SchedulerThreadOptions { Name = "lost", Scheduler = new() { ErrorOutput = errors } });
        SpinWait.SpinUntil(() => !thread.IsAlive);
        // So that no finalizer comes first.
        GC.KeepAlive(s_kept = thread);
        return 0;
    }

    private static SchedulerThread? s_kept;
}

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(string))]
internal sealed partial class WorkerTypes : JsonSerializerContext;
