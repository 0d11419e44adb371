using System.Runtime.CompilerServices;

namespace Sprig.Scheduling;

/// <content>Runs on threads of their own: one loop a core.</content>
public sealed partial class CoroutineScheduler
{
    /// <summary>Starts a thread that runs <paramref name="main"/> as <see cref="Run(Func{Task}, SchedulerOptions?, string, int)"/>
    /// does, and returns when its scheduler is there, before main's first step. Any thread. Runs share nothing but what is made
    /// for it: see Mailbox, and <see cref="Post"/>.</summary>
    /// <param name="main">The body of the main coroutine, which bears the thread's name.</param>
    /// <param name="options">The thread's name, processors and priority, and the run's options.</param>
    /// <param name="file">Filled in by the compiler: it stands in reports.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a processor not there. No thread is left, here and below.</exception>
    /// <exception cref="UnauthorizedAccessException">The program may not have the priority; the message says how it may.</exception>
    public static SchedulerThread Start(Func<Task> main, SchedulerThreadOptions? options = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(main);
        options ??= new SchedulerThreadOptions();
        options.ThrowIfBad();
        SchedulerThread thread = new(main, options, file, line);
        thread.Start();
        return thread;
    }

    /// <summary>Runs a callback on the loop, soon; where the run ends before that, or has ended, <paramref name="dropped"/> instead, on a
    /// thread of the pool. One of the two, once. Any thread: for those that would wait for ever for a post that nobody takes.</summary>
    /// <param name="callback">Runs on the loop.</param>
    /// <param name="dropped">Runs when the loop will never take it; must not throw.</param>
    public void PostOrDrop(Action callback, Action dropped)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentNullException.ThrowIfNull(dropped);
        DroppablePost post = new(callback, dropped);
        if (!Inbox.Post(null, DroppablePost.Run, post))
            post.Drop();
    }

    /// <summary>Whether somebody holds a <see cref="SchedulerThread"/> of it, and may end it at any time.</summary>
    internal bool HasHandle { get; private set; }

    /// <summary>A run on a thread made for it.</summary>
    /// <param name="main">Main's body.</param>
    /// <param name="options">The run's.</param>
    /// <param name="name">Of the main coroutine.</param>
    /// <param name="site">File and line of the start.</param>
    /// <param name="onBegun">Gets the scheduler, before main's first step.</param>
    internal static void Run(Func<Task> main, SchedulerOptions? options, string name, (string File, int Line) site, Action<CoroutineScheduler> onBegun)
    {
        RunToEnd(options, scheduler =>
        {
            Coroutine coroutine = new(scheduler, main, name, DaemonRule.NotDaemon, site.File, site.Line);
            scheduler.HasHandle = true;
            onBegun(scheduler);
            return coroutine;
        }).ThrowIfNotCompleted();
    }
}
