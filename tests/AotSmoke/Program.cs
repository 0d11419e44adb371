using System.Net;
using System.Text;
using Sprig.Hosting;
using Sprig.IO;
using Sprig.Scheduling;

// Each floor once, compiled ahead of time: timers, a tty, a socket, a kill, a deadline, a foreign task.
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
    Console.WriteLine("aot smoke: ok");
});

static async Task<string> ReadFromTtyAsync()
{
    using PseudoTerminal other = PseudoTerminal.Open();
    using SerialPort port = SerialPort.Open(other.DevicePath, 115_200);
    await other.WriteAsync(Encoding.ASCII.GetBytes("hello from a tty\r\n"));
    return await port.ReadLineAsync() ?? "";
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
