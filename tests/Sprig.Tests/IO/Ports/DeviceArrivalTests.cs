using Sprig.IO.Ports;
using Sprig.Linux;
using Sprig.Scheduling;
using Xunit;

namespace Sprig.Tests.IO.Ports;

/// <summary>Files stand for nodes: to who waits for a name they are the same.</summary>
public sealed class DeviceArrivalTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sprig-arrival").FullName;

    private string Name => $"{_root}/serial/by-id/usb-a";

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_is_there_is_not_waited_for() => IoLoop.Run(async () =>
    {
        File.WriteAllText($"{_root}/ttyUSB0", "");
        await SerialDevices.WaitForAsync($"{_root}/ttyUSB0");
    });

    [Fact]
    public void A_name_is_waited_for_from_its_first_missing_folder_down() => IoLoop.Run(async () =>
    {
        Coroutine waiter = await Waiting();
        await Step(waiter, () => Directory.CreateDirectory($"{_root}/serial"));
        await Step(waiter, () => Directory.CreateDirectory($"{_root}/serial/by-id"));
        await Step(waiter, () => File.WriteAllText($"{_root}/serial/by-id/usb-other", ""));
        File.WriteAllText(Name, "");
        await waiter;
    });

    [Fact]
    public void Folders_and_name_that_come_all_at_once_are_seen() => IoLoop.Run(async () =>
    {
        Coroutine waiter = await Waiting();
        Directory.CreateDirectory($"{_root}/serial/by-id");
        File.WriteAllText(Name, "");
        await waiter;
    });

    [Fact]
    public void A_name_that_is_moved_into_its_place_has_come() => IoLoop.Run(async () =>
    {
        // As udev makes links: under another name, and then renamed.
        Directory.CreateDirectory($"{_root}/serial/by-id");
        Coroutine waiter = await Waiting();
        File.WriteAllText($"{_root}/ttyUSB0", "");
        await Step(waiter, () => File.CreateSymbolicLink($"{_root}/serial/.#usb-a", "../../ttyUSB0"));
        File.Move($"{_root}/serial/.#usb-a", Name);
        await waiter;
    });

    [Fact]
    public void A_link_that_dangles_is_not_there_before_its_target_is() => IoLoop.Run(async () =>
    {
        Coroutine waiter = await Waiting();
        Directory.CreateDirectory($"{_root}/serial/by-id");
        await Step(waiter, () => File.CreateSymbolicLink(Name, "../../ttyUSB0"));
        await Step(waiter, () => File.CreateSymbolicLink($"{_root}/ttyUSB0", $"{_root}/real/tty"));
        await Step(waiter, () => Directory.CreateDirectory($"{_root}/real"));
        File.WriteAllText($"{_root}/real/tty", "");
        await waiter;
    });

    [Fact]
    public void A_dangling_link_that_is_replaced_leads_to_its_new_target() => IoLoop.Run(async () =>
    {
        Directory.CreateDirectory($"{_root}/serial/by-id");
        File.CreateSymbolicLink(Name, "../../ttyUSB0");
        Coroutine waiter = await Waiting();
        File.WriteAllText($"{_root}/ttyUSB1", "");
        File.Delete(Name);
        File.CreateSymbolicLink(Name, "../../ttyUSB1");
        await waiter;
    });

    [Fact]
    public void Folders_that_go_and_come_again_are_followed() => IoLoop.Run(async () =>
    {
        Directory.CreateDirectory($"{_root}/serial/by-id");
        Coroutine waiter = await Waiting();
        await Step(waiter, () => Directory.Delete($"{_root}/serial", recursive: true));
        await Step(waiter, () => Directory.CreateDirectory($"{_root}/serial/by-id"));
        File.WriteAllText(Name, "");
        await waiter;
    });

    [Fact]
    public void Links_in_a_circle_are_not_there_and_do_not_hang_the_loop() => IoLoop.Run(async () =>
    {
        Directory.CreateDirectory($"{_root}/serial/by-id");
        File.CreateSymbolicLink(Name, "usb-b");
        File.CreateSymbolicLink($"{_root}/serial/by-id/usb-b", "usb-a");
        Coroutine waiter = await Waiting();
        File.Delete($"{_root}/serial/by-id/usb-b");
        File.WriteAllText($"{_root}/serial/by-id/usb-b", "");
        await waiter;
    });

    [Fact]
    public void While_nothing_happens_nobody_is_woken()
    {
        IoLoop.RunVirtually(async () =>
        {
            using DeviceArrival arrival = new(Name);
            Coroutine waiter = Coroutine.Spawn(async () =>
            {
                while (!arrival.Look())
                    await arrival.WaitAsync(Timeout.InfiniteTimeSpan, default);
            });
            // A day: had it a timer, virtual time would have woken it.
            await Coroutine.Sleep(TimeSpan.FromDays(1));
            Assert.Equal(0, arrival.Wakes);
            Directory.CreateDirectory($"{_root}/serial/by-id");
            await Coroutine.Sleep(TimeSpan.FromDays(1));
            Assert.InRange(arrival.Wakes, 1, 2);
            File.WriteAllText(Name, "");
            await waiter;
        });
    }

    [Fact]
    public void A_permission_that_comes_late_is_waited_for() => IoLoop.RunVirtually(async () =>
    {
        File.WriteAllText($"{_root}/ttyUSB0", "");
        Queue<int> answers = new([-Errno.EACCES, -Errno.ENOENT, -Errno.EACCES, -Errno.EACCES, 0]);
        MonotonicTime start = MonotonicTime.Now;
        await SerialDevices.WaitForAsync($"{_root}/ttyUSB0", _ => answers.Dequeue(), default);
        Assert.Empty(answers);
        // 20, 40, 80, 160.
        Assert.Equal(TimeSpan.FromMilliseconds(300), MonotonicTime.Now - start);
    });

    [Fact]
    public void A_permission_that_changes_is_seen_at_once() => IoLoop.RunVirtually(async () =>
    {
        string path = $"{_root}/ttyUSB0";
        File.WriteAllText(path, "");
        using DeviceArrival arrival = new(path);
        Assert.True(arrival.Look());
        MonotonicTime start = MonotonicTime.Now;
        SetMode(path, UnixFileMode.UserRead);
        await arrival.WaitAsync(TimeSpan.FromDays(1), default);
        Assert.Equal(TimeSpan.Zero, MonotonicTime.Now - start);
    });

    [Fact]
    public void A_permission_that_never_comes_is_an_error_that_names_the_device() => IoLoop.RunVirtually(async () =>
    {
        string path = $"{_root}/ttyUSB0";
        File.WriteAllText(path, "");
        MonotonicTime start = MonotonicTime.Now;
        UnauthorizedAccessException error = await IoLoop.Throws<UnauthorizedAccessException>(
            async () => await SerialDevices.WaitForAsync(path, _ => -Errno.EACCES, default));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.InRange(MonotonicTime.Now - start, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
    });

    [Fact]
    public void The_real_question_for_the_permission_is_answered_for_this_thread()
    {
        string path = $"{_root}/ttyUSB0";
        File.WriteAllText(path, "");
        Assert.Equal(0, DeviceAccess.MayOpen(path));
        Assert.Equal(-Errno.ENOENT, DeviceAccess.MayOpen($"{path}1"));
        SetMode(_root, (UnixFileMode)0b111_101_101);
        SetMode(path, UnixFileMode.UserRead);
        Sprig.Tests.Linux.UnprivilegedThread.Run(() => Assert.Equal(-Errno.EACCES, DeviceAccess.MayOpen(path)));
    }

    [Fact]
    public void A_deadline_a_kill_and_a_token_end_the_wait_in_every_phase() => IoLoop.RunVirtually(async () =>
    {
        foreach (Func<string, int> mayOpen in new Func<string, int>[] { DeviceAccess.MayOpen, _ => -Errno.EACCES })
        {
            await IoLoop.Throws<DeadlineExceededException>(() => Deadline.RunAsync(TimeSpan.FromSeconds(1), async () => await SerialDevices.WaitForAsync(Name, mayOpen, default)));
            using CancellationTokenSource source = new();
            Coroutine cancelled = Coroutine.Spawn(async () => await SerialDevices.WaitForAsync(Name, mayOpen, source.Token));
            await IoLoop.UntilBlocked(cancelled);
            await source.CancelAsync();
            Assert.Equal(source.Token, (await IoLoop.Throws<OperationCanceledException>(async () => await cancelled)).CancellationToken);
            Coroutine killed = Coroutine.Spawn(async () => await SerialDevices.WaitForAsync(Name, mayOpen, default));
            await IoLoop.UntilBlocked(killed);
            await killed.KillAsync();
            Assert.Equal(CoroutineState.Killed, killed.State);
            Directory.CreateDirectory($"{_root}/serial/by-id");
            File.WriteAllText(Name, "");
        }
    });

    [Fact]
    public void Where_the_kernel_gives_no_inotify_it_is_looked_every_two_seconds() => IoLoop.RunVirtually(async () =>
    {
        using DeviceArrival arrival = new(Name, () => -Errno.EMFILE);
        Assert.False(arrival.Look());
        MonotonicTime start = MonotonicTime.Now;
        await arrival.WaitAsync(Timeout.InfiniteTimeSpan, default);
        Assert.Equal(TimeSpan.FromSeconds(2), MonotonicTime.Now - start);
        Assert.False(arrival.Look());
        await arrival.WaitAsync(TimeSpan.FromSeconds(1), default);
        Assert.Equal(TimeSpan.FromSeconds(3), MonotonicTime.Now - start);
    });

    [Fact]
    public void A_name_must_be_given() => IoLoop.Run(async () =>
        await IoLoop.Throws<ArgumentException>(async () => await SerialDevices.WaitForAsync("")));

    private async Task<Coroutine> Waiting()
    {
        Coroutine waiter = Coroutine.Spawn(async () => await SerialDevices.WaitForAsync(Name));
        await IoLoop.UntilBlocked(waiter);
        return waiter;
    }

    // Something that is on the way, and not the end of it: seen, and waited on.
    private static async Task Step(Coroutine waiter, Action change)
    {
        change();
        for (int i = 0; i < 20; i++)
            await Coroutine.Yield();
        Assert.Equal(CoroutineState.Blocked, waiter.State);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
