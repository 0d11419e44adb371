using System.Device.Gpio;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using Sprig.Devices;
using Sprig.Devices.Boards;
using Sprig.Devices.Buses;
using Sprig.Devices.Drivers;
using Sprig.Hosting;
using Sprig.IO;
using Sprig.IO.Ports;
using Sprig.Scheduling;
using Sprig.Supervision;
using Sprig.Synchronization;
using Sprig.Testing;
using Sprig.Testing.Buses;

// Each floor once, compiled ahead of time: timers, a tty, a socket, a kill, a deadline, a foreign task, queues, pools, processes; and the
// devices on a simulated board.
ProcessEntry<int, long> square = ProcessWorker.Register("square", (int number) => (long)number * number, Numbers.Default.Int32, Numbers.Default.Int64);
ProcessWorker.ServeIfAsked();
using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
string address = $"sprig-aot-smoke-{Environment.ProcessId}";
manager.Bind(new UnixDomainSocketEndPoint($"\0{address}"));
Environment.SetEnvironmentVariable("NOTIFY_SOCKET", $"@{address}");
return CoroutineProgram.Run(async () =>
{
    Coroutine<string> line = Coroutine.Spawn(ReadFromTtyAsync);
    Coroutine<int> echoed = Coroutine.Spawn(EchoOverTcpAsync);
    Coroutine forever = Coroutine.Spawn(async () => await Coroutine.Sleep(Timeout.InfiniteTimeSpan));
    bool inTime = await Deadline.TryRunAsync(TimeSpan.FromMilliseconds(5), async () => await forever.JoinAsync());
    bool ended = await forever.KillAsync();
    Ticker ticker = new(TimeSpan.FromMilliseconds(1));
    Tick tick = await ticker.NextAsync();
    int threadBefore = Environment.CurrentManagedThreadId;
    int foreign = await Task.Run(() => Environment.CurrentManagedThreadId);

    Check(await line == "hello from a tty", "a line read from a tty");
    Check(await echoed == 1000, "bytes echoed over TCP");
    Check(!inTime && ended && forever.State == CoroutineState.Killed, "deadline and kill");
    Check(tick.Index >= 1 && tick.Lateness >= TimeSpan.Zero, "a tick");
    Check(foreign != threadBefore && Environment.CurrentManagedThreadId == threadBefore, "a foreign task comes home");
    Check(await SwitchAsync() == "(1, 2) and (3, 4)", "values handed to a symmetric coroutine and back");
    Check(await PutAndGetAsync() == 45, "items through a priority queue and a lock");
    Check(await WorkAsync(square) == "4 9 16 text", "scopes, pools of coroutines, threads and processes");
    Check(await PressAsync() == "lit, told, dark, 42", "a board's pins, a button, an LED, a controller, a bus");
    Check(Tell() == "READY=1, STATUS=smokes, a file", "what a service manager is told, and a datagram's file");
    Console.WriteLine("aot smoke: ok");
});

string Tell()
{
    SystemdNotifier.SetStatus("smokes");
    Journal.Write(JournalPriority.Debug, "aot smoke", [("NUMBER", 3.5), ("SPAN", TimeSpan.FromSeconds(1)), ("NAME", "journal")]);
    using UnixDatagramSender sender = new($"@{address}");
    List<string> told = [Receive(), Receive()];
    if (sender.TrySendAsFile("content"u8) == DatagramOutcome.Sent && Receive().Length == 0)
        told.Add("a file");
    return string.Join(", ", told);
}

string Receive()
{
    byte[] datagram = new byte[256];
    return Encoding.UTF8.GetString(datagram, 0, manager.Receive(datagram));
}

static async Task<string> ReadFromTtyAsync()
{
    using PseudoTerminal other = PseudoTerminal.Open();
    using SerialPort port = SerialPort.Open(other.DevicePath, 115_200);
    await other.WriteAsync(Encoding.ASCII.GetBytes("hello from a tty\r\n"));
    return await port.ReadLineAsync() ?? "";
}

static async Task<int> PutAndGetAsync()
{
    AsyncPriorityQueue<int, (int, string)> queue = new(capacity: 2);
    AsyncLock guard = new();
    int sum = 0;
    Coroutine consumer = Coroutine.Spawn(async () =>
    {
        await foreach (int item in queue)
        {
            using (await guard.AcquireAsync())
                sum += item;
        }
    });
    for (int i = 0; i < 10; i++)
        await queue.PutAsync(i, (-i, "of a value type"));
    queue.Shutdown();
    await consumer;
    return sum;
}

static async Task<string> WorkAsync(ProcessEntry<int, long> square)
{
    List<string> results = [];
    await CoroutineScope.RunAsync(async scope =>
    {
        await using ProcessPool processes = new(size: 2);
        await foreach (long result in processes.Map(square, [2, 3]))
            results.Add($"{result}");
        CoroutinePool pool = new(size: 2);
        await foreach (int result in pool.Map([4], async number => await Task.FromResult(number * number)))
            results.Add($"{result}");
        results.Add(await scope.Spawn(() => BlockingPool.Default.RunAsync(() => "text")));
    });
    return string.Join(' ', results);
}

static async Task<string> PressAsync()
{
    SimulatedBoard pins = new();
    using Board board = Board.On(pins, BoardMap.Known.Single(map => map.Id == "raspberry-pi-5"));
    List<string> results = [];
    using (Led led = new(board.OpenOutput("P11")))
    using (Button button = new(pins, 22))
    using (GpioController controller = new(new SprigGpioDriver(pins, ownsChip: false)))
    {
        controller.OpenPin(23, PinMode.Input);
        Coroutine<WaitForEventResult> told = Coroutine.Spawn(
            async () => await controller.WaitForEventAsync(23, PinEventTypes.Rising, CancellationToken.None));
        _ = Coroutine.Spawn(() => led.FollowAsync(button.Values()), new SpawnOptions { Daemon = DaemonRule.UntilMainReturns });
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(20));
        pins.Drive(22, false);
        pins.Drive(23, true);
        await button.WaitForPressAsync();
        await Coroutine.Sleep(TimeSpan.FromMilliseconds(20));
        results.Add(pins[17] ? "lit" : "unlit");
        results.Add((await told).EventTypes == PinEventTypes.Rising ? "told" : "untold");
    }

    results.Add(pins[17] ? "left on" : "dark");
    SimulatedI2cBus wires = new();
    wires.Attach(0x48, new RegisterDevice { [7] = 42 });
    using SprigI2cBus bus = new(wires);
    byte[] value = new byte[1];
    await bus.CreateDevice(0x48).WriteReadAsync(new byte[] { 7 }, value);
    results.Add($"{value[0]}");
    return string.Join(", ", results);
}

static async Task<string> SwitchAsync()
{
    CoroutineLocal<(int, int)> local = new(() => (1, 2));
    SymmetricCoroutine<(int, int), object> texts = new(async (self, pair) =>
    {
        while (true)
            pair = await self.SwitchBack($"{pair}");
    });
    object first = await texts.Switch(local.Value);
    return $"{first} and {await texts.Switch((3, 4))}";
}

static async Task<int> EchoOverTcpAsync()
{
    using SocketListener listener = SocketListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
    _ = Coroutine.Spawn(async () =>
    {
        using SocketStream server = await listener.AcceptAsync();
        byte[] buffer = new byte[256];
        int count;
        while ((count = await server.ReadAsync(buffer)) > 0)
            await server.WriteAsync(buffer.AsMemory(0, count));
    });
    using SocketStream client = await SocketStream.ConnectAsync(listener.LocalEndPoint);
    await client.WriteAsync(new byte[1000]);
    client.ShutdownWrite();
    int sum = 0;
    byte[] answer = new byte[256];
    int got;
    while ((got = await client.ReadAsync(answer)) > 0)
        sum += got;
    return sum;
}

static void Check(bool isRight, string what)
{
    if (!isRight)
        throw new InvalidOperationException($"aot smoke: wrong: {what}");
}

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
internal sealed partial class Numbers : JsonSerializerContext;
