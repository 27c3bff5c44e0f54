# The host alone: Redis and Postgres are given by settings. docker-compose.yml puts the three together.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Processor.Host -c Release --output /app --nologo

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
# The key file lives here: a volume that is lost is a vault that nobody opens again.
RUN install -d -m 700 -o $APP_UID /data
VOLUME /data
WORKDIR /app
USER $APP_UID
ENV Processor__KeyFile=/data/keys.json \
    Processor__ListenAddress=0.0.0.0
EXPOSE 8080 8583 8584
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["dotnet", "Processor.Host.dll"]
